import { parentPort, workerData } from 'node:worker_threads';
import { createRunEngine, type TemplateManifest } from '../context/index.js';
import { errorData } from './error-data.js';
import type { Task, WorkerLine, WorkerMessage, WorkerStart } from './protocol.js';
import { createTaskRunner } from './run-task.js';
import { createWaitingDatabase } from './waiting-database.js';

// The entry of a worker thread: it is told what project it renders, and then renders what it is told to, one task after the other.
const port = parentPort;
if (port === null) throw new Error('This module is started as a worker thread.');
const { signal, answers } = workerData as WorkerLine;
const send = (message: WorkerMessage): void => {
  port.postMessage(message);
};

port.once('message', (start: WorkerStart) => {
  const engine = createRunEngine({
    ...start,
    manifest: JSON.parse(start.manifest) as TemplateManifest,
    env: start.project.env,
    say: (level, text, code) => {
      send({ kind: 'say', level, text, code });
    },
  });
  const runTask = createTaskRunner(engine, createWaitingDatabase({ send, signal, answers }));
  port.on('message', (task: Task) => {
    try {
      send({ kind: 'done', value: runTask(task) });
    } catch (error) {
      send({ kind: 'failed', error: errorData(error) });
    }
  });
  send({ kind: 'ready' });
});
