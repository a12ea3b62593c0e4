// A process that owns the file is killed while it publishes: nothing acknowledged is lost, nothing is torn.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { openBigQuery } from '../../../local/bigquery/bigquery.ts';
import { systemClock } from '../../../local/clock.ts';
import { randomIds } from '../../../local/ids.ts';

const KILLS = 3;

test(`after ${KILLS} kills every acknowledged publication is there, whole, and no job is left running`, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-kill-'));
  const file = join(folder, 'p.duckdb');
  try {
    let next = 0;
    const published = new Set<number>();
    for (let kill = 0; kill < KILLS; kill++) {
      const observed = await publishUntilKilled(file, next, 3 + kill * 4);
      for (const index of observed.published) published.add(index);
      const state = await readState(file, observed.inserted);
      next = Math.max(...observed.inserted) + 1;
      for (const index of published)
        assert.ok(state.ledger.includes(index), `publication ${index} was acknowledged and is lost`);
      assert.equal(new Set(state.ledger).size, state.ledger.length, 'a publication happened twice');
      assert.deepEqual(
        state.rows,
        [{ publication: Math.max(...state.ledger), count: 2000 }],
        'the rows are torn',
      );
      for (const { index, done, failed } of state.jobs) {
        assert.ok(done, `job ${index} is left running`);
        assert.equal(!failed, state.ledger.includes(index), `job ${index} and its data disagree`);
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** Kills the publisher at its `lines`-th line of output, which falls inside one publication or another. */
async function publishUntilKilled(file: string, from: number, lines: number) {
  const publisher = spawn(process.execPath, [join(import.meta.dirname, 'publisher.ts'), file, String(from)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(publisher, 'exit');
  const observed = { inserted: [] as number[], published: [] as number[] };
  let count = 0;
  for await (const line of createInterface({ input: publisher.stdout })) {
    const [what, index] = line.split(' ') as ['inserted' | 'published', string];
    observed[what].push(Number(index));
    if (++count === lines) publisher.kill('SIGKILL');
  }
  const [, signal] = (await exited) as [number | null, string | null];
  assert.equal(signal, 'SIGKILL');
  return observed;
}

async function readState(file: string, inserted: readonly number[]) {
  const bigquery = await openBigQuery({
    file,
    projectId: 'p',
    clock: systemClock,
    newId: randomIds,
    findObject: () => undefined,
  });
  try {
    const table = (tableId: string) => bigquery.catalog.table('ds', tableId, 0)!;
    const numbers = async (tableId: string) =>
      (await bigquery.page(table(tableId), 0, 1_000_000)).map(([value]) => Number(value));
    const counts = Map.groupBy(await numbers('rows'), (value) => value);
    const jobs = [];
    for (const index of inserted) {
      const job = await bigquery.jobs.get(`publish_${index}`, 'EU');
      jobs.push({ index, done: job.state === 'DONE', failed: job.errors !== undefined });
    }
    return {
      ledger: await numbers('ledger'),
      rows: [...counts].map(([publication, { length: count }]) => ({ publication, count })),
      jobs,
    };
  } finally {
    await bigquery.close();
  }
}
