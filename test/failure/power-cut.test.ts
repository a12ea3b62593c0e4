// The whole local cloud is killed in the middle of a run, and started again.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { begin, lastLine, run } from '../mesh/commands.ts';
import { good } from '../mesh/folders.ts';
import { until } from '../waiting.ts';

const root = mkdtempSync(join(tmpdir(), 'power-cut-'));
const [drive, data] = [join(root, 'drive'), join(root, 'data')];
after(() => rmSync(root, { recursive: true, force: true }));

test('killed with SIGKILL while the job runs, the mesh finishes the run after the next start, once', async () => {
  mkdirSync(drive);
  for (const [name, bytes] of Object.entries(good())) writeFileSync(join(drive, name), bytes);
  const first = begin('start', '--drive', drive, '--data', data);
  await until(
    () => `the job to run:\n${first.stdout()}`,
    () => first.stdout().includes('Attempt 1 started') || undefined,
  );
  first.child.kill('SIGKILL');
  await first.ended;

  const second = await run('start', '--drive', drive, '--data', data, '--once');
  assert.equal(second.code, 0, second.stdout + second.stderr);
  assert.equal(lastLine(second).outcome, 'published');
  const ledger = await run('query', '--data', data, 'SELECT run, row_count FROM sluice.publications');
  assert.deepEqual(
    ledger.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown),
    [{ run: lastLine(second).run, row_count: 172 }],
  );
});
