import { connect as connectSocket, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { ConnectionSettings } from '../types/index.js';
import type { Encryption } from './ssl.js';

const sslRequest = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);
const timeoutMs = 5000;

/** Asks the server to cancel what a backend is doing, through a connection of its own. Resolves when the request has been taken; the server says nothing more. */
export async function sendCancelRequest(
  settings: ConnectionSettings,
  encryption: Encryption,
  backend: { readonly processID: number; readonly secretKey: number },
): Promise<void> {
  const request = Buffer.alloc(16);
  request.writeInt32BE(16, 0);
  request.writeInt32BE(80877102, 4);
  request.writeInt32BE(backend.processID, 8);
  request.writeInt32BE(backend.secretKey, 12);
  const plain = settings.host.startsWith('/')
    ? connectSocket(`${settings.host}/.s.PGSQL.${settings.port}`)
    : connectSocket(settings.port, settings.host);
  plain.setTimeout(timeoutMs, () => plain.destroy(new Error('timeout')));
  await once(plain, 'connect');
  const socket = encryption === false ? plain : await encrypt(plain, settings.host, encryption);
  socket.end(request);
  await once(socket, 'close');
}

async function encrypt(plain: Socket, host: string, encryption: Exclude<Encryption, false>): Promise<Socket> {
  plain.write(sslRequest);
  await once(plain, 'data');
  const secure = connectTls({ socket: plain, host, ...(isIP(host) === 0 ? { servername: host } : {}), ...encryption });
  await once(secure, 'secureConnect');
  return secure;
}

function once(socket: Socket, event: string): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once(event, () => {
      socket.off('error', reject);
      // The server closes without a word after a cancel request, which may look like a reset.
      socket.on('error', () => undefined);
      if (event === 'data') socket.pause();
      else socket.resume();
      resolve();
    });
  });
}
