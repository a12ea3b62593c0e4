// Requested runs, from an entry in the queue to the outcome: hinted, and with every message dropped.
import assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import { after, test } from 'node:test';
import { copyTree } from '../../deploy/tree-copy.ts';
import { REQUEST_SAMPLES } from './sample-requests.ts';

const { folder, node } = copyTree('requests', REQUEST_SAMPLES);
after(() => rmSync(folder, { recursive: true, force: true }));

const VERBS = ['status', 'run', 'runs', 'log', 'trace', 'audit', 'pipelines'];

/** The keys of a verb, as docs/CLI.md lists them: in a row of its own for such pipelines, where it has one. */
function documentedKeys(verb: string): readonly string[] {
  const page = readFileSync(new URL('../../../docs/CLI.md', import.meta.url), 'utf8');
  const rows = page.split('\n').filter((line) => line.startsWith(`| \`${verb}\` `));
  const own = rows.find((line) => line.includes('with the trigger requests')) ?? rows[0];
  // Keys of a value that is an object stand in brackets.
  const keys = (own?.split('|')[3] ?? '').replaceAll(/\([^)]*\)/g, '');
  return [...keys.matchAll(/`(\w+)`/g)].map(([, key = '']) => key).toSorted();
}

test('a request ends as its job does, its result is published, operators cancel, hold and release, and the sweep finishes what no message reaches', async () => {
  const { stdout } = await node('test/mesh/requests/requesting-process.ts');
  const published = { outcome: 'published', code: null, attempt: 1, files: ['answer.json', 'answer.csv'] };
  assert.deepEqual(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''), {
    hinted: {
      succeed: published,
      fail: { outcome: 'failed', code: 'ATTEMPTS_EXHAUSTED', attempt: 2 },
      refuse: { outcome: 'failed', code: 'INPUT_REFUSED', attempt: 1 },
      'exit-without-output': { outcome: 'failed', code: 'ATTEMPTS_EXHAUSTED', attempt: 2 },
      'die-once': { ...published, attempt: 2 },
      hang: { outcome: 'failed', code: 'ATTEMPTS_EXHAUSTED', attempt: 1 },
    },
    operated: {
      ends: [
        { outcome: 'cancelled', code: 'REQUEST_CANCELLED', attempt: 1 },
        { outcome: 'held', code: 'HELD_BY_OPERATOR', attempt: 1 },
      ],
      results: [
        ['done', null],
        ['done', null],
        ['done', null],
        ['refused', 'COMMAND_NOT_APPLICABLE'],
      ],
      executing: 1,
      released: ['published', null],
      // dispatch, publish-output, release, and the run itself.
      spans: 4,
      keys: Object.fromEntries(VERBS.map((verb) => [verb, documentedKeys(verb)])),
    },
    dropped: published,
    left: 0,
    // Who asked, of each of the nine.
    audited: 9,
  });
});
