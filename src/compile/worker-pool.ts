import type { Worker } from 'node:worker_threads';
import { ChemflowError } from '../error/index.js';
import { errorData, errorOf, type ErrorData } from './error-data.js';
import type { Answer, Question, Task, TaskValue, WorkerMessage, WorkerStart } from './protocol.js';
import { startTemplateWorker, type TemplateWorker } from './template-worker.js';

/** Milliseconds that work may wait for a busy worker before another is started: rendering one node takes far less. */
const patience = 10;

/** What the pool needs of the main thread. */
export interface PoolOptions {
  readonly start: () => WorkerStart;
  readonly workers: number;
  /** A worker that was started before it was known what it is to render; the pool ends it like its own. */
  readonly started?: TemplateWorker | undefined;
  readonly answer: (task: Task, question: Question) => Promise<Answer>;
  /** Receives what a worker says beside results. */
  readonly heard: (message: WorkerMessage & { readonly kind: 'say' | 'changed' }, task: Task | undefined) => void;
  readonly files: Readonly<Record<string, string>>;
}

/** Runs tasks in worker threads. */
export interface WorkerPool {
  /** Starts the first worker before there is work for it, so that it loads its modules while others wait for the database. */
  warm(): void;
  run(task: Task): Promise<TaskValue>;
  /** Runs a task once a worker has nothing else to do; no worker is started for it. */
  runIdle(task: Task): Promise<TaskValue>;
  /** Takes back a task of runIdle() that has not begun, and rejects it; false where it has. */
  withdraw(task: Task): boolean;
  close(): Promise<void>;
}

interface Job {
  readonly task: Task;
  readonly resolve: (value: TaskValue) => void;
  readonly reject: (error: unknown) => void;
}

interface Member {
  readonly worker: Worker;
  readonly reply: (answer: Answer) => void;
  isReady: boolean;
  job: Job | undefined;
}

function interrupted(): ChemflowError {
  return new ChemflowError({ code: 'RUN.INTERRUPTED', message: 'Rendering was interrupted.' });
}

/** A pool that starts its first worker with the first task, and a further one only when work has waited for it. */
export function createWorkerPool(options: PoolOptions): WorkerPool {
  const members: Member[] = [];
  const queue: Job[] = [];
  const idleQueue: Job[] = [];
  let shared: WorkerStart | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  let spare = options.started;

  const finish = (member: Member, settle: (job: Job) => void): void => {
    const { job } = member;
    member.job = undefined;
    if (job !== undefined) settle(job);
    assign();
  };

  const receive = (member: Member, message: WorkerMessage): void => {
    switch (message.kind) {
      case 'ready':
        member.isReady = true;
        member.worker.unref();
        assign();
        break;
      case 'done':
        finish(member, (job) => {
          job.resolve(message.value);
        });
        break;
      case 'failed':
        finish(member, (job) => {
          job.reject(errorOf(message.error, options.files));
        });
        break;
      case 'ask':
        if (member.job !== undefined) void answer(member, member.job.task, message.question);
        break;
      default:
        options.heard(message, member.job?.task);
    }
  };

  const answer = async (member: Member, task: Task, question: Question): Promise<void> => {
    try {
      member.reply(await options.answer(task, question));
    } catch (error) {
      member.reply({ kind: 'error', error: errorData(error) });
    }
  };

  const lose = (member: Member, error: ErrorData): void => {
    const at = members.indexOf(member);
    if (at !== -1) members.splice(at, 1);
    const wasReady = member.isReady;
    const { job } = member;
    member.job = undefined;
    job?.reject(errorOf(error, options.files));
    // A worker that cannot even start would not start the next time either.
    if (!wasReady)
      for (const waiting of [...queue.splice(0), ...idleQueue.splice(0)]) waiting.reject(errorOf(error, options.files));
    if (!isClosed) assign();
  };

  const startWorker = (): void => {
    shared ??= options.start();
    const { worker, signal, answers } = spare?.hasEnded() === false ? spare : startTemplateWorker();
    spare = undefined;
    worker.ref();
    const member: Member = {
      worker,
      isReady: false,
      job: undefined,
      reply: (message) => {
        answers.postMessage(message);
        Atomics.store(signal, 0, 1);
        Atomics.notify(signal, 0);
      },
    };
    worker.on('message', (message: WorkerMessage) => {
      receive(member, message);
    });
    worker.on('error', (error) => {
      lose(member, errorData(error));
    });
    worker.on('exit', () => {
      if (members.includes(member)) lose(member, errorData(new Error('A worker thread ended while it was needed.')));
    });
    members.push(member);
    worker.postMessage(shared);
  };

  /** Gives waiting tasks to idle workers, and sees to it that there will be one. */
  const assign = (): void => {
    for (const member of members) {
      if (queue.length === 0 && idleQueue.length === 0) break;
      if (!member.isReady || member.job !== undefined) continue;
      member.job = queue.shift() ?? idleQueue.shift();
      member.worker.ref();
      if (member.job !== undefined) member.worker.postMessage(member.job.task);
    }
    for (const member of members) if (member.isReady && member.job === undefined) member.worker.unref();
    if (queue.length === 0 || isClosed) return;
    if (members.length === 0) startWorker();
    else if (members.length < options.workers && members.every((member) => member.isReady)) grow();
  };

  /** Starts one more worker, should the task that waits first now still be waiting after a while. */
  const grow = (): void => {
    const [first] = queue;
    timer ??= setTimeout(() => {
      timer = undefined;
      if (queue[0] === first && !isClosed && members.length < options.workers) startWorker();
      else assign();
    }, patience);
  };

  const enqueue = (where: Job[], task: Task): Promise<TaskValue> =>
    new Promise<TaskValue>((resolve, reject) => {
      if (isClosed) {
        reject(interrupted());
        return;
      }
      where.push({ task, resolve, reject });
      assign();
    });

  return {
    warm: () => {
      if (members.length === 0 && !isClosed) startWorker();
    },
    run: (task) => enqueue(queue, task),
    runIdle: (task) => enqueue(idleQueue, task),
    withdraw: (task) => {
      const at = idleQueue.findIndex((job) => job.task === task);
      const [job] = at === -1 ? [] : idleQueue.splice(at, 1);
      job?.reject(interrupted());
      return job !== undefined;
    },
    close: async () => {
      isClosed = true;
      clearTimeout(timer);
      const ending = members.splice(0);
      for (const job of [...queue.splice(0), ...idleQueue.splice(0)]) job.reject(interrupted());
      for (const { job } of ending) job?.reject(interrupted());
      await Promise.all([spare?.end(), ...ending.map(({ worker }) => worker.terminate())]);
    },
  };
}
