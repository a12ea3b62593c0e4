// Fuzzes the reader of workbooks: known values written in every legal way are read, broken files are refused or read.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import type { FuzzMessage, FuzzTask } from './fuzz/worker.ts';
import { LONGEST_WAIT_MS } from '../../waiting.ts';

const { FUZZ_SEED, FUZZ_CASES } = process.env;
const TASK: FuzzTask = {
  firstSeed: Number(FUZZ_SEED ?? 1),
  cases: FUZZ_SEED !== undefined && FUZZ_CASES === undefined ? 1 : Number(FUZZ_CASES ?? 600),
};
/** Of one case, which takes some milliseconds. */
const MOST_SHOWN = 5;

test(`${TASK.cases} workbooks from seed ${TASK.firstSeed}`, async () => {
  const failures = await failuresOf(TASK);
  const shown = failures
    .slice(0, MOST_SHOWN)
    .map(
      ({ seed, failure }) =>
        `seed ${seed}: ${failure.slice(0, 2000)}\n  again: FUZZ_SEED=${seed} npx node --test test/jobs/forecast/fuzz.test.ts`,
    );
  assert.equal(failures.length, 0, `${failures.length} failed\n${shown.join('\n')}`);
});

type Failure = Omit<FuzzMessage & { kind: 'failed' }, 'kind'>;

async function failuresOf(task: FuzzTask): Promise<readonly Failure[]> {
  const worker = new Worker(new URL('./fuzz/worker.ts', import.meta.url), {
    workerData: task,
    resourceLimits: { maxOldGenerationSizeMb: 640 },
  });
  const failures: Failure[] = [];
  let seed = task.firstSeed;
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<readonly Failure[]>((resolve, reject) => {
      const endWith = (failure: string) => resolve([...failures, { seed, failure }]);
      const wait = () => {
        clearTimeout(timer);
        timer = setTimeout(() => endWith(`it does not end within ${LONGEST_WAIT_MS} ms`), LONGEST_WAIT_MS);
      };
      wait();
      worker.on('message', (message: FuzzMessage) => {
        wait();
        if (message.kind === 'done') resolve(failures);
        else if (message.kind === 'failed') failures.push(message);
        else seed = message.seed;
      });
      worker.on('error', (error) => endWith(`the thread ended: ${error.message}`));
      worker.on('exit', (code) => reject(new Error(`the fuzzer's thread ended with code ${code}`)));
    });
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}
