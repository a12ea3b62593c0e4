// Memory follows the hours that are counted, not the rows of the files.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { LONGEST_PROCESS_MS } from '../../waiting.ts';

const BENCH = fileURLToPath(new URL('../../../bench/bikes/large-export.ts', import.meta.url));

async function peakOf(rows: number, distinct: number) {
  const run = promisify(execFile)(process.execPath, [BENCH, `${rows}`, `${distinct}`], {
    timeout: LONGEST_PROCESS_MS,
  });
  const found = JSON.parse((await run).stdout) as Record<string, number>;
  assert.deepEqual([found['rows'], found['observations']], [rows, distinct]);
  return found['peakMebibytes']!;
}

test('two million rows take little more memory than their columns, and rows that repeat take none', async () => {
  const few = await peakOf(100_000, 100_000);
  const repeated = await peakOf(1_000_000, 100_000);
  const many = await peakOf(2_000_000, 2_000_000);
  // The columns of two million rows are 20 MB, and the pages that they are gathered in 8 MB. The text is 330 MB.
  assert.ok(repeated < few + 100, `${repeated} MB after ${few} MB`);
  assert.ok(many < few + 180, `${many} MB after ${few} MB`);
});
