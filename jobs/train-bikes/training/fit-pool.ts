// Fits many models side by side: a few threads, each given the next one when it is done with one.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Observations } from '../../../models/bikes/observations.ts';
import type { FitTask, Fitted } from './fit.ts';
import type { FitDone, FitRequest, WorkerSetup } from './fit-worker.ts';

/**
 * In the order of the tasks. Rejects with the first failure of a thread, and then ends all of them; none is left
 * when it settles.
 */
export async function fitAll(
  setup: WorkerSetup,
  tasks: readonly FitTask[],
  threads: number,
  onDone: (task: FitTask) => void,
): Promise<readonly Fitted[]> {
  const results: Fitted[] = [];
  const queue = tasks.entries();
  const shared = { ...setup, observations: inSharedMemory(setup.observations) };
  const workers = Array.from(
    { length: Math.min(threads, tasks.length) },
    () => new Worker(new URL('./fit-worker.ts', import.meta.url), { workerData: shared }),
  );
  try {
    await Promise.all(
      workers.map((worker) =>
        workThrough(worker, queue, ({ index, fitted }) => {
          results[index] = fitted;
          onDone(tasks[index]!);
        }),
      ),
    );
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  return results;
}

/** Takes from the queue that all workers share, until it is empty. */
function workThrough(
  worker: Worker,
  queue: Iterator<[number, FitTask]>,
  onDone: (done: FitDone) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const next = (): void => {
      const { value, done } = queue.next();
      if (done === true) return resolve();
      const request: FitRequest = { index: value[0], task: value[1] };
      answerOf(worker, request).then((answer) => {
        onDone(answer);
        next();
      }, reject);
    };
    worker.on('error', reject);
    worker.on('exit', (code) => reject(new Error(`a training thread ended early, with code ${code}`)));
    next();
  });
}

/** A thread has one task at a time, so its next message is the answer. */
async function answerOf(worker: Worker, request: FitRequest): Promise<FitDone> {
  const answer = once(worker, 'message') as Promise<[FitDone]>;
  worker.postMessage(request);
  const [done] = await answer;
  return done;
}

function inSharedMemory({ counters, counter, hour, count }: Observations): Observations {
  const columns = {
    counter: new Uint16Array(new SharedArrayBuffer(counter.byteLength)),
    hour: new Int32Array(new SharedArrayBuffer(hour.byteLength)),
    count: new Float32Array(new SharedArrayBuffer(count.byteLength)),
  };
  columns.counter.set(counter);
  columns.hour.set(hour);
  columns.count.set(count);
  return { counters, ...columns };
}
