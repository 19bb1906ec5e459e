import { parentPort, workerData } from 'node:worker_threads';
import { createRunEngine } from '../context/index.js';
import { errorData } from './error-data.js';
import type { Task, WorkerMessage, WorkerStart } from './protocol.js';
import { createTaskRunner } from './run-task.js';
import { createWaitingDatabase } from './waiting-database.js';

// The entry of a worker thread: it renders what it is told to, one task after the other.
const port = parentPort;
if (port === null) throw new Error('This module is started as a worker thread.');
const start = workerData as WorkerStart;
const send = (message: WorkerMessage): void => {
  port.postMessage(message);
};

const engine = createRunEngine({
  ...start,
  env: start.project.env,
  say: (level, text, code) => {
    send({ kind: 'say', level, text, code });
  },
});
const runTask = createTaskRunner(engine, createWaitingDatabase({ send, signal: start.signal, answers: start.answers }));

port.on('message', (task: Task) => {
  try {
    send({ kind: 'done', value: runTask(task) });
  } catch (error) {
    send({ kind: 'failed', error: errorData(error) });
  }
});
send({ kind: 'ready' });
