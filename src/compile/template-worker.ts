import { existsSync } from 'node:fs';
import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads';
import { packageRoot } from '../util/package-root.js';
import type { WorkerLine } from './protocol.js';

/** The worker's entry is JavaScript from the build, also where chemflow runs from source: the bundle, or what tsc alone has built. */
function workerFile(): string {
  const bundled = `${packageRoot}dist/bundle/worker.js`;
  return existsSync(bundled) ? bundled : `${packageRoot}dist/compile/worker.js`;
}

/** A worker thread that loads its modules, and then waits to be told what project it renders. It keeps no process alive until it is needed. */
export interface TemplateWorker {
  readonly worker: Worker;
  readonly signal: Int32Array<SharedArrayBuffer>;
  /** Where answers to it are posted. */
  readonly answers: MessagePort;
  /** Has it ended already, by an error of its own? */
  hasEnded(): boolean;
  end(): Promise<void>;
}

/** Starts a worker, which takes as long as reading the project does: begun at once, the one is done beside the other. */
export function startTemplateWorker(): TemplateWorker {
  const signal = new Int32Array(new SharedArrayBuffer(4));
  const { port1, port2 } = new MessageChannel();
  port1.unref();
  const worker = new Worker(workerFile(), {
    name: 'template',
    workerData: { signal, answers: port2 } satisfies WorkerLine,
    transferList: [port2],
  });
  worker.unref();
  let hasEnded = false;
  const note = (): void => {
    hasEnded = true;
    port1.close();
  };
  worker.on('error', note);
  worker.on('exit', note);
  return {
    worker,
    signal,
    answers: port1,
    hasEnded: () => hasEnded,
    end: async () => {
      await worker.terminate();
    },
  };
}
