// A planted bug is a change of production text: a change of that text must carry the bug along. The simulation would
// notice it too, a quarter of an hour later.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { BUGS } from '../../simulation/bugs.ts';
import type { Bug } from '../../simulation/plant.ts';
import { REQUESTS_BUGS } from '../../simulation/requests/bugs.ts';

const occurrences = async ({ file, snippet }: Bug): Promise<number> => {
  const text = await readFile(new URL(`../../../${file}`, import.meta.url), 'utf8');
  return text.split(snippet).length - 1;
};

test('every planted bug finds its snippet exactly once', async () => {
  const counted = await Promise.all(
    [...BUGS, ...REQUESTS_BUGS].map(async (bug) => ({
      name: bug.name,
      file: bug.file,
      times: await occurrences(bug),
    })),
  );
  assert.deepEqual(
    counted.filter(({ times }) => times !== 1),
    [],
  );
});
