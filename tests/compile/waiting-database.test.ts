import { once } from 'node:events';
import { MessageChannel, Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { createWaitingDatabase } from '../../src/compile/waiting-database.js';

/** Another thread, which wakes the asking one once without an answer, as the end of an earlier reply can, and then answers. */
const answering = `
const { workerData } = require('node:worker_threads');
const { signal, asked, answers } = workerData;
const pause = (milliseconds) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
Atomics.wait(asked, 0, 0);
// Until the other thread sleeps there is nobody to wake.
while (Atomics.notify(signal, 0) === 0) pause(1);
pause(50);
answers.postMessage({ kind: 'result', result: { rows: [['late']] } });
Atomics.store(signal, 0, 1);
Atomics.notify(signal, 0);
`;

it('sleeps on where it is woken before the answer is there', async () => {
  const { port1, port2 } = new MessageChannel();
  const signal = new Int32Array(new SharedArrayBuffer(4));
  const asked = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(answering, {
    eval: true,
    workerData: { signal, asked, answers: port2 },
    transferList: [port2],
  });
  await once(worker, 'online');
  const database = createWaitingDatabase({
    signal,
    answers: port1,
    send: () => {
      Atomics.store(asked, 0, 1);
      Atomics.notify(asked, 0);
    },
  });
  expect(database.query('select 1', true).rows).toEqual([['late']]);
  port1.close();
  await worker.terminate();
});
