export {
  readServerSettings,
  resetServer,
  serverStatus,
  startServer,
  stopServer,
  type EmbeddedServer,
  type ServerStatus,
} from './embedded-server.js';
