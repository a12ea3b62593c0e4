// Requested runs, from an entry in the queue to the outcome: hinted, and with every message dropped.
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { after, test } from 'node:test';
import { copyTree } from '../../deploy/tree-copy.ts';
import { REQUEST_SAMPLES } from './sample-requests.ts';

const { folder, node } = copyTree('requests', REQUEST_SAMPLES);
after(() => rmSync(folder, { recursive: true, force: true }));

test('a request ends as its job does, its result is published, and the sweep finishes what no message reaches', async () => {
  const { stdout } = await node('test/mesh/requests/requesting-process.ts');
  const published = { outcome: 'published', code: null, attempt: 1, files: ['answer.json', 'answer.csv'] };
  assert.deepEqual(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''), {
    hinted: {
      succeed: published,
      fail: { outcome: 'failed', code: 'ATTEMPTS_EXHAUSTED', attempt: 2 },
      refuse: { outcome: 'failed', code: 'INPUT_REFUSED', attempt: 1 },
      'exit-without-output': { outcome: 'failed', code: 'ATTEMPTS_EXHAUSTED', attempt: 2 },
    },
    dropped: published,
    left: 0,
  });
});
