import type { TestProject } from 'vitest/node';
import { startTestServer } from './test-server.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** The server that all tests of a run share. */
    testServer: { readonly port: number; readonly user: string; readonly password: string };
  }
}

/** Starts the server that a whole test run shares; the returned function stops and removes it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startTestServer();
  project.provide('testServer', { port: server.port, user: server.user, password: server.password });
  return () => server.stop();
}
