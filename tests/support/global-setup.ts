import type { TestProject } from 'vitest/node';
import { startTestServer, type TestServer } from './test-server.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** The server that all tests of a run share. */
    testServer: Pick<TestServer, 'port' | 'user' | 'password' | 'runtime'>;
  }
}

/** Starts the server that a whole test run shares; the returned function stops and removes it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startTestServer();
  const { port, user, password, runtime } = server;
  project.provide('testServer', { port, user, password, runtime });
  return () => server.stop();
}
