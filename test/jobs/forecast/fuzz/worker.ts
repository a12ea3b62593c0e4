// The thread that runs the fuzzer's cases, so that one which never ends is seen from outside.
import { parentPort, workerData } from 'node:worker_threads';
import { failureOf } from './cases.ts';

export interface FuzzTask {
  readonly firstSeed: number;
  readonly cases: number;
}

export type FuzzMessage =
  | { readonly kind: 'begun'; readonly seed: number }
  | { readonly kind: 'failed'; readonly seed: number; readonly failure: string }
  | { readonly kind: 'done' };

const { firstSeed, cases } = workerData as FuzzTask;
const send = (message: FuzzMessage): void => parentPort?.postMessage(message);

for (let seed = firstSeed; seed < firstSeed + cases; seed += 1) {
  send({ kind: 'begun', seed });
  const failure = await failureOf(seed).catch((error: unknown) =>
    error instanceof Error ? `it threw ${error.stack ?? error.message}` : String(error),
  );
  if (failure !== undefined) send({ kind: 'failed', seed, failure });
}
send({ kind: 'done' });
