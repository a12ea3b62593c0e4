// Method: one process holds the whole local cloud and kills itself with SIGKILL at a named point, known by a
// request on the wire. The next start has all that was acknowledged, and publishes the run once.
import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { withVisitors } from '../mesh/folders.ts';
import type { Healed, Moment, OperatorCommand } from './mesh-process.ts';
import { LONGEST_PROCESS_MS } from '../waiting.ts';

const PROGRAM = fileURLToPath(new URL('mesh-process.ts', import.meta.url));

interface Cut {
  readonly what: string;
  readonly moment: Moment;
  /** What the next start needs: the messages that were acknowledged, or sweeps beside them. */
  readonly by: 'messages' | 'sweeps';
}

const written = (object: string): Omit<Moment, 'when'> => ({
  method: 'POST',
  url: `/upload/.*-runs/o\\?.*${object}`,
});

const CUTS: readonly Cut[] = [
  // No message has been published yet: only the sweep can know of the run.
  {
    what: 'after the pipeline state was written',
    moment: { when: 'answered', ...written('state\\.json') },
    by: 'sweeps',
  },
  {
    what: 'after a publish was answered',
    moment: { when: 'answered', method: 'POST', url: '/topics/run-requested:publish' },
    by: 'messages',
  },
  {
    what: 'during freezing',
    moment: { when: 'arrives', method: 'GET', url: '^/drive/v3/files/[^?]+\\?.*alt=media', skip: 1 },
    by: 'messages',
  },
  {
    // The machine took the execution with it: it failed, and its second attempt is the sweep's to start.
    what: 'after the job was submitted',
    moment: { when: 'answered', method: 'POST', url: '^/v2/projects/[^?]+:run' },
    by: 'sweeps',
  },
  {
    what: 'during the load',
    moment: { when: 'answered', method: 'POST', url: '^/bigquery/v2/projects/[^/]+/jobs\\?' },
    by: 'messages',
  },
  {
    what: 'after the publication and before the outcome',
    moment: { when: 'arrives', ...written('outcome\\.json') },
    by: 'messages',
  },
  {
    what: 'after the outcome and before the lease is given back',
    moment: { when: 'arrives', method: 'DELETE', url: '-runs/o/carmila%2Flease\\.json' },
    by: 'messages',
  },
];

// The intent of another instance is taken over after 90 s, so this one takes that long.
const skipLong = process.env['MESH_LONG'] === '1' ? false : 'it waits for 90 s; npm run check:long does';
const AFTER_INTENT: Cut = {
  what: 'after the intent was written',
  moment: { when: 'answered', ...written('execution-1\\.json') },
  by: 'sweeps',
};

suite('a power cut', { concurrency: true }, () => {
  test('at each named point in turn, over one folder', (t) => survive(t, CUTS));
  test('after the intent was written', { skip: skipLong }, (t) => survive(t, [AFTER_INTENT]));
});

async function survive(t: TestContext, cuts: readonly Cut[]): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'power-cuts-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  const acknowledged = join(root, 'acknowledged.log');
  mkdirSync(join(root, 'drive'));
  writeFileSync(acknowledged, '');
  const opened = async () => {
    const life = fork(PROGRAM, [root, acknowledged], { timeout: LONGEST_PROCESS_MS });
    assert.equal(await heardFrom(life), 'open');
    return life;
  };
  let life = await opened();
  for (const [index, { what, moment, by }] of cuts.entries()) {
    const visitors = 1001 + index;
    for (const [name, bytes] of Object.entries(withVisitors(visitors))) {
      writeFileSync(join(root, 'drive', name), bytes);
    }
    report(life, { kind: 'die', moment });
    const [code, signal] = (await once(life, 'exit')) as [number | null, string | null];
    assert.deepEqual([code, signal], [null, 'SIGKILL'], `the power was never cut ${what}`);

    life = await opened();
    report(life, { kind: 'heal', by });
    const healed = (await heardFrom(life)) as Healed;
    assert.equal(healed.outcome, 'published', `${what}: ${healed.reason}`);
    assert.equal(healed.mostVisitors, visitors, what);
    assert.equal(healed.ledger.length, index + 1, `${what}: every run is published once`);
    assert.equal(healed.ledger.at(-1), healed.run, what);
    const answered = readFileSync(acknowledged, 'utf8').trim().split('\n');
    assert.ok(answered.includes(`carmila/state.json`), 'what was acknowledged was not seen');
    const lost = answered.filter((name) => !name.endsWith('lease.json') && !healed.objects.includes(name));
    assert.deepEqual(lost, [], `${what}: acknowledged, and lost`);
  }
  report(life, { kind: 'end' });
  await once(life, 'exit');
}

const report = (life: ChildProcess, command: OperatorCommand): void => void life.send(command);

/** The next thing that it says; fails when it ends first. */
async function heardFrom(life: ChildProcess): Promise<unknown> {
  const ended = new AbortController();
  const message = once(life, 'message', { signal: ended.signal }) as Promise<[unknown]>;
  const exit = () => ended.abort();
  life.once('exit', exit);
  try {
    return (await message)[0];
  } finally {
    life.off('exit', exit);
  }
}
