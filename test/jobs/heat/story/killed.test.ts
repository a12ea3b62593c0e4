// Method: the job dies at each of its calls to Cloud Storage, before it happens and after; the next attempt must take the
// finished stages from the cache and publish the bytes of an attempt that nothing disturbed.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { STAGES } from '../../../../jobs/heat/stages/stage.ts';
import type { MemoryStore } from '../../../../shared/objects/memory.ts';
import { cutOffAt, Died } from './cut-off.ts';
import { ATTEMPT, freeze, memoryBuckets, runHeat, type LogLine } from './run-city.ts';
import { smallStages } from './small-stages.ts';

const removed: string[] = [];
after(() => removed.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** A folder with these configurations, and with weather for each of their cities. */
function folderOf(cities: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'heat-killed-'));
  removed.push(folder);
  for (const [city, text] of Object.entries(cities)) {
    writeFileSync(join(folder, `${city}.yml`), text);
    mkdirSync(join(folder, city));
    writeFileSync(join(folder, city, 'era5.nc'), `the weather of ${city}`);
  }
  return folder;
}

const configuration = (city: string, more = ''): string => `
city: ${city}
period: { start: 2025-06-21, end: 2025-06-22 }
grid: { crs: EPSG:3857, resolution_m: 200 }
extent: { bbox_wgs84: [2.2, 48.8, 2.3, 48.9] }
sources: { era5: {} }
${more}`;

const two = folderOf({ aube: configuration('aube'), brume: configuration('brume') });
const one = folderOf({ aube: configuration('aube') });

const SECOND = { ...ATTEMPT, attempt: 2 };

/** What an attempt wrote, but for its manifest: names without the attempt's folder, and bytes. */
async function written(results: MemoryStore, { attempt }: typeof ATTEMPT): Promise<Record<string, string>> {
  const prefix = `heat/${ATTEMPT.run}/attempt-${attempt}/`;
  const found = await results.list(prefix, 1000);
  return Object.fromEntries(
    found
      .filter(({ name }) => !name.endsWith('/output.json'))
      .map(({ name }) => [name.slice(prefix.length), results.stored(name)!.content.toString('latin1')]),
  );
}

const undisturbed = async (folder: string) => {
  const buckets = memoryBuckets();
  await freeze(buckets.runs, folder);
  const counting = cutOffAt(buckets, Infinity, 'before');
  const stages = smallStages();
  await runHeat(counting.buckets, stages);
  return { calls: counting.calls(), ran: stages.ran, files: await written(buckets.results, ATTEMPT) };
};

describe('a job that dies', async () => {
  const whole = await undisturbed(one);

  test('an attempt that nothing disturbs runs all stages of all cities once', async () => {
    const { ran } = await undisturbed(two);
    assert.deepEqual([ran.length, new Set(ran).size], [16, 16]);
    assert.ok(whole.calls > 40, `${whole.calls} calls`);
    assert.ok('aube.zarr/t2m/0.0' in whole.files && 'indicators.csv' in whole.files);
  });

  for (const moment of ['before', 'after'] as const)
    test(`${moment} any of its calls is continued by the next attempt, which publishes the same bytes`, async () => {
      let [spared, repeated] = [0, 0];
      for (let at = 1; at <= whole.calls; at++) {
        const buckets = memoryBuckets();
        await freeze(buckets.runs, one);
        const [first, second] = [smallStages(), smallStages()];
        // The answer to the last call may be lost after the work is done.
        await assert.rejects(runHeat(cutOffAt(buckets, at, moment).buckets, first), Died);
        const manifest = await runHeat(buckets, { ...second, attempt: SECOND });
        assert.equal(manifest.kind, 'output', `call ${at}`);
        assert.deepEqual(await written(buckets.results, SECOND), whole.files, `call ${at}`);
        // Only the stage at which it died, and those that could no longer be kept, run again.
        const kept = keptStages(await buckets.cache.list('stages/', 1000), second.ran);
        assert.deepEqual(kept.missing, [], `call ${at}`);
        spared += 8 - second.ran.length;
        repeated += first.ran.filter((stage) => second.ran.includes(stage)).length;
      }
      assert.ok(spared > 3 * whole.calls, `${spared} stages came from the cache`);
      assert.ok(repeated > 0, 'a stage that was not kept runs again');
    });

  test('a third attempt runs no stage, and publishes the same bytes', async () => {
    const buckets = memoryBuckets();
    await freeze(buckets.runs, one);
    await runHeat(buckets, smallStages());
    const third = smallStages();
    await runHeat(buckets, { ...third, attempt: { ...ATTEMPT, attempt: 3 } });
    assert.deepEqual(third.ran, []);
    assert.deepEqual(await written(buckets.results, { ...ATTEMPT, attempt: 3 }), whole.files);
  });
});

/** After an attempt that succeeded every stage of both cities has a manifest. */
function keptStages(objects: readonly { readonly name: string }[], ran: readonly string[]) {
  const kept = new Set(
    objects.flatMap(({ name }) => {
      const [, city, stage, , file] = name.split('/');
      return file === 'manifest.json' ? [`${city} ${stage}`] : [];
    }),
  );
  return { missing: ran.filter((stage) => !kept.has(stage)) };
}

describe('the cache of stages', () => {
  const prepared = async () => {
    const buckets = memoryBuckets();
    await freeze(buckets.runs, two);
    await runHeat(buckets, smallStages());
    return buckets;
  };
  /** Replaces or removes an object behind the back of the job. */
  async function damage(
    cache: MemoryStore,
    pattern: RegExp,
    damaged: (text: string) => string | undefined,
  ): Promise<void> {
    const found = (await cache.list('stages/', 1000)).find(({ name }) => pattern.test(name))!;
    const content = damaged(cache.stored(found.name)!.content.toString('utf8'));
    await cache.remove(found.name, found.generation);
    if (content !== undefined) await cache.create(found.name, content, 'text/plain');
  }

  const [file, manifest] = [/aube\/train\/.*\/train\.txt$/, /aube\/train\/.*\/manifest\.json$/];
  const damages: readonly (readonly [what: string, RegExp, (text: string) => string | undefined])[] = [
    ['other bytes of a file', file, () => 'other'],
    ['a lost file', file, () => undefined],
    ['half a manifest', manifest, (text) => text.slice(0, text.length / 2)],
    ['a manifest of another city', manifest, (text) => text.replaceAll('"aube"', '"brume"')],
    ['a manifest that names a path outside', manifest, (text) => text.replace('"train.txt"', '"../../x"')],
    ['a lost manifest', manifest, () => undefined],
  ];
  for (const [what, pattern, damaged] of damages)
    test(`an entry with ${what} is computed again, and then taken`, async () => {
      const buckets = await prepared();
      await damage(buckets.cache, pattern, damaged);
      const [second, third] = [smallStages(), smallStages()];
      const lines: LogLine[] = [];
      await runHeat(buckets, { ...second, lines, attempt: SECOND });
      assert.deepEqual(second.ran, ['aube train']);
      const isNoted = lines.some(({ message }) => /^an entry of the cache is left aside/.test(message));
      assert.equal(isNoted, what !== 'a lost manifest');
      await runHeat(buckets, { ...third, attempt: { ...ATTEMPT, attempt: 3 } });
      assert.deepEqual(third.ran, []);
    });

  test('a changed threshold runs the indicators again, and no stage whose inputs stay the same', async () => {
    const buckets = await prepared();
    const changed = folderOf({ aube: configuration('aube', 'indicators: { threshold_celsius: 31 }') });
    const run = '000002-0a0b0c0d';
    await freeze(buckets.runs, changed, run);
    const again = smallStages();
    await runHeat(buckets, { ...again, attempt: { ...ATTEMPT, run } });
    assert.deepEqual(again.ran, ['aube indicators']);
  });

  test('a raw file with other bytes runs every stage that follows from it, of its city alone', async () => {
    const buckets = await prepared();
    const folder = folderOf({ aube: configuration('aube'), brume: configuration('brume') });
    writeFileSync(join(folder, 'aube', 'era5.nc'), 'another weather of aube');
    const run = '000002-0a0b0c0d';
    await freeze(buckets.runs, folder, run);
    const again = smallStages();
    await runHeat(buckets, { ...again, attempt: { ...ATTEMPT, run } });
    assert.deepEqual(
      again.ran,
      STAGES.map((stage) => `aube ${stage}`),
    );
  });

  test('what cannot be kept is no failure', async () => {
    const buckets = memoryBuckets();
    await freeze(buckets.runs, one);
    const refusing = new Proxy(buckets.cache, {
      get: (target, property) =>
        property === 'createFrom'
          ? () => Promise.reject(new Error('the bucket is full'))
          : (Reflect.get(target, property, target) as () => unknown).bind?.(target),
    });
    const lines: LogLine[] = [];
    const manifest = await runHeat({ ...buckets, cache: refusing }, { ...smallStages(), lines });
    assert.equal(manifest.kind, 'output');
    assert.ok(lines.some(({ message }) => /writing the cache failed: the bucket is full/.test(message)));
  });

  test('save_intermediate: false keeps nothing', async () => {
    const buckets = memoryBuckets();
    const unkept = folderOf({ aube: configuration('aube', 'mode: { save_intermediate: false }') });
    await freeze(buckets.runs, unkept);
    await runHeat(buckets, smallStages());
    assert.deepEqual(await buckets.cache.list('stages/', 10), []);
  });
});
