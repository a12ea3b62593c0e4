// The generated city: the same seed gives the same files, to the byte, and another seed gives other weather.
import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { writeCity } from '../../../local/sample/city.ts';
import { weatherFrom } from '../../../local/sample/city/weather.ts';

let root: string;
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'city-'));
});
after(() => rm(root, { recursive: true }));

test('the same seed gives the same files, and none half written', async () => {
  const names = await writeCity(join(root, 'a'), { seed: 1 });
  assert.deepEqual(await writeCity(join(root, 'b'), { seed: 1 }), names);
  assert.ok(names.includes('villeneuve.yml') && names.length > 10, names.join(', '));
  for (const name of names)
    assert.ok((await readFile(join(root, 'a', name))).equals(await readFile(join(root, 'b', name))), name);
  const found = await readdir(join(root, 'a'), { recursive: true });
  assert.deepEqual(
    found.filter((name) => name.includes('partial')),
    [],
  );
});

test('another seed gives other weather, of the same size and of a summer', () => {
  const [one, other] = [weatherFrom(486_000, 1), weatherFrom(486_000, 2)];
  assert.equal(one.fine.values.length, other.fine.values.length);
  assert.notDeepEqual(one.fine.values, other.fine.values);
  assert.ok(one.fine.values.every((value) => value > 280 && value < 320));
});
