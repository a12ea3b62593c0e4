// Learns many weeks side by side: a few threads, each given the next week when it is done with one.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { step } from '../../../shared/tracing/spans.ts';
import { isoDateOf } from '../series/panel.ts';
import type { WeekDone, WeekTask, WorkerSetup } from './week-worker.ts';

/**
 * Calls `onDone` once for every task, in whatever order they finish, one call at a time. Rejects with the
 * first failure of a thread or of `onDone`, and then ends all threads; none is left when it settles.
 */
export async function learnWeeks(
  setup: WorkerSetup,
  tasks: readonly WeekTask[],
  threads: number,
  onDone: (done: WeekDone) => Promise<void>,
): Promise<void> {
  const queue = tasks.values();
  const count = Math.min(Math.max(1, threads), tasks.length);
  const workers = Array.from(
    { length: count },
    () => new Worker(new URL('./week-worker.ts', import.meta.url), { workerData: setup }),
  );
  let reported = Promise.resolve();
  const report = (done: WeekDone): Promise<void> => (reported = reported.then(() => onDone(done)));
  try {
    await Promise.all(workers.map((worker) => workThrough(worker, queue, report)));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

/** Takes from the queue that all workers share, until it is empty. */
function workThrough(
  worker: Worker,
  queue: Iterator<WeekTask>,
  report: (done: WeekDone) => Promise<void>,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const next = (): void => {
      const { value, done } = queue.next();
      if (done === true) resolve();
      else learn(worker, value).then(report).then(next, reject);
    };
    worker.on('error', reject);
    worker.on('exit', (code) => reject(new Error(`a forecasting thread ended early, with code ${code}`)));
    next();
  });
}

/** A thread has one task at a time, so its next message is the answer. */
function learn(worker: Worker, task: WeekTask): Promise<WeekDone> {
  const { firstDay, days } = task.known;
  const answer = async () => {
    const [done] = (await once(worker, 'message')) as [WeekDone];
    return done;
  };
  const learnt = step('week', answer, { 'sluice.week': isoDateOf(firstDay + days - 1) });
  worker.postMessage(task);
  return learnt;
}
