// `node test/all.ts`: runs all tests but the units, each group and each file that is in none in a process of its own.
import { resolve } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { fileURLToPath } from 'node:url';
import { filesAlone, GROUPS } from './test-files.ts';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
/** Twice as many as the fewest processors: a process of tests waits for those that it starts. */
const PROCESSES = 4;

// The groups take longest, so none of them begins when all others end.
const files = [...GROUPS, ...filesAlone()].map((file) => resolve(ROOT, file));

run({ files, concurrency: PROCESSES })
  .on('test:fail', () => (process.exitCode = 1))
  .compose(new spec())
  .pipe(process.stdout);
