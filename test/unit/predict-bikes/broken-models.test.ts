// What a swap can fail by: the last good model stays, and the failure is shown.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Readable } from 'node:stream';
import type { ModelFiles } from '../../../models/bikes/model.ts';
import type { ObjectStore } from '../../../shared/objects/store.ts';
import { readPointer, type Pointer } from '../../../shared/publications/pointer.ts';
import { until } from '../../waiting.ts';
import { xgboostHere } from '../../jobs/xgboost/installed.ts';
import {
  checksumOf,
  movePointerTo,
  publishSample,
  sampleModel,
  type SampleFiles,
} from '../bikes/sample-model.ts';
import { ServicePlace, standIn } from './service-place.ts';
import { ASKED, FIRST, SECOND, SECONDS, small, TASK, versionOf } from './followed.ts';

describe('a model that cannot be loaded', xgboostHere, () => {
  /** A service that answers with the first model, and a pointer to a second one that was broken. */
  async function withBroken(
    broken: (files: SampleFiles) => ModelFiles,
    pointer: (of: Pointer) => Pointer = (of) => of,
  ) {
    const place = new ServicePlace();
    await publishSample(place.exports, small(1), { ...TASK, ordinal: 1 });
    const client = place.open('reg');
    await client.refresh();
    await publishSample(place.exports, broken(small(2)), { ...TASK, ordinal: 2 });
    const published = await readPointer(place.exports, 'bikes', 'reg');
    await movePointerTo(place.exports, pointer(published!.value));
    return { place, client, answer: await client.refresh() };
  }
  const cut = (files: SampleFiles, name: string, length: number): ModelFiles =>
    name === 'reg.json'
      ? { ...files, descriptor: files.descriptor.subarray(0, length) }
      : { ...files, bytes: new Map(files.bytes).set(name, files.bytes.get(name)!.subarray(0, length)) };

  const cases: readonly (readonly [what: string, ...Parameters<typeof withBroken>, message: RegExp])[] = [
    [
      'cut off',
      (files) => cut(files, 'reg-gbt.ubj', 700),
      (of) => of,
      /reg-gbt.ubj has 700 bytes; expected \d+/,
    ],
    ['empty', (files) => cut(files, 'reg-rf.ubj', 0), (of) => of, /reg-rf.ubj has 0 bytes/],
    [
      'without a whole descriptor',
      (files) => cut(files, 'reg.json', 500),
      (of) => of,
      /the descriptor is not JSON/,
    ],
    [
      'with another checksum than its pointer says',
      (files) => files,
      wrongSum,
      /reg.json has the CRC32C .*; expected AAAAAA==, as the pointer/,
    ],
    [
      'longer than its pointer says',
      (files) => files,
      shorter,
      /reg.json has more than \d+ bytes; expected \d+/,
    ],
    [
      'without its descriptor',
      (files) => files,
      (of) => ({ ...of, files: of.files.slice(1) }),
      /expected reg.json among them/,
    ],
    [
      'with too many files',
      (files) => files,
      (of) => ({ ...of, files: Array.from({ length: 11 }, () => of.files[0]!) }),
      /11 files/,
    ],
    ['with files of 300 MB', (files) => files, huge, /expected at most 10 of 200000000/],
    [
      'for the other service',
      () => sampleModel({ task: 'class', rounds: 2, depth: 2 }),
      (of) => of,
      /the model is for class; expected reg/,
    ],
  ];
  for (const [what, broken, pointer, message] of cases) {
    test(`${what} is refused: the last good one stays, and the failure is shown`, async () => {
      const { place, client, answer } = await withBroken(broken, pointer);
      assert.equal(answer.status, 200);
      assert.equal(answer.body.serving?.version, FIRST);
      assert.equal(answer.body.failure?.code, 'MODEL_CORRUPT');
      assert.match(answer.body.failure?.message ?? '', message);
      assert.equal(await versionOf(client), FIRST);
      const health = await client.get('/health');
      assert.deepEqual([health.status, health.body.status], [200, 'degraded']);
      assert.equal((await client.get('/models')).body.failure?.version, SECOND);
      const errors = place.lines.filter(({ level }) => level >= 50);
      assert.equal(errors.length, 1);
      assert.match(
        errors[0]!.msg,
        /could not be loaded: .*; the service answers with bikes-000001-0123abcd. A request after 10 s tries again\./,
      );
    });
  }

  test('cut off at any byte is refused, with the pointer of the cut file', async () => {
    const place = new ServicePlace();
    await publishSample(place.exports, small(1), { ...TASK, ordinal: 1 });
    const client = place.open('reg');
    await client.refresh();
    const whole = sampleModel({ ...TASK, seed: 2, rounds: 1, depth: 1 });
    const content = whole.bytes.get('reg-gbt.ubj')!;
    await publishSample(place.exports, whole, { ...TASK, ordinal: 2 });
    const { value } = (await readPointer(place.exports, 'bikes', 'reg'))!;
    for (let length = 0; length < content.length; length += 13) {
      const part = content.subarray(0, length);
      const object = `bikes/reg/cut-${length}/reg-gbt.ubj`;
      await place.exports.create(object, Buffer.from(part), 'application/octet-stream');
      const { generation = '' } = (await place.exports.info(object)) ?? {};
      const files = value.files.map((file) =>
        file.name === 'reg-gbt.ubj'
          ? { ...file, object, generation, sizeBytes: length, crc32c: checksumOf(part) }
          : file,
      );
      await movePointerTo(place.exports, { ...value, files, ordinal: 3 + length });
      const { body } = await client.refresh();
      assert.equal(body.failure?.code, 'MODEL_CORRUPT', `${length} bytes`);
      assert.equal(body.serving?.version, FIRST);
    }
    await movePointerTo(place.exports, { ...value, ordinal: 1_000_000 });
    const { body } = await client.refresh();
    assert.deepEqual([body.serving?.version, body.failure], [SECOND, undefined]);
  });

  test('is tried again after longer and longer pauses, and another one at once', async () => {
    const { place, client } = await withBroken((files) => cut(files, 'reg-gbt.ubj', 700));
    const triesAfter = async (seconds: number) => {
      place.nowMs += seconds * SECONDS;
      await client.predict(ASKED);
      await new Promise(setImmediate);
      await client.get('/models');
      return (await client.get('/health')).body.failure?.tries;
    };
    assert.equal(await triesAfter(9), 1);
    assert.equal(await triesAfter(1), 2);
    assert.equal(await triesAfter(10), 2);
    assert.equal(await triesAfter(10), 3);
    await publishSample(place.exports, small(3), { ...TASK, ordinal: 3 });
    assert.equal(await triesAfter(10), undefined);
    assert.equal(await versionOf(client), 'bikes-000003-0123abcd');
  });

  test('because its load hangs is given up, and what the load still does has no effect', async () => {
    const place = new ServicePlace();
    await publishSample(place.exports, small(1), { ...TASK, ordinal: 1 });
    let hangs = false;
    const streams: Readable[] = [];
    const read = (name: string, generation?: string) => {
      if (!hangs) return place.exports.read(name, generation);
      const stream = new Readable({ read: () => undefined });
      streams.push(stream);
      return stream;
    };
    const client = place.open('reg', standIn(place.exports, { read }));
    await client.refresh();
    await publishSample(place.exports, small(2), { ...TASK, ordinal: 2 });
    hangs = true;
    place.timePasses = true;
    const { body } = await client.refresh();
    assert.equal(body.failure?.code, 'SERVICE_UNAVAILABLE');
    assert.match(body.failure?.message ?? '', /did not end within 60 s/);
    assert.equal(await versionOf(client), FIRST);
    await until('the streams to end', () => streams.every(({ destroyed }) => destroyed) || undefined);
    hangs = false;
    place.timePasses = false;
    assert.equal((await client.refresh()).body.serving?.version, SECOND);
  });

  test('because the bucket does not answer is tried less and less often', async () => {
    const place = new ServicePlace();
    await publishSample(place.exports, small(1), { ...TASK, ordinal: 1 });
    let fails = false;
    let lists = 0;
    const list: ObjectStore['list'] = (...args) => {
      lists += 1;
      return fails ? Promise.reject(new Error('no route')) : place.exports.list(...args);
    };
    const client = place.open('reg', standIn(place.exports, { list }));
    await client.refresh();
    fails = true;
    for (let second = 0; second < 600; second += 1) {
      place.nowMs += SECONDS;
      assert.equal(await versionOf(client), FIRST);
    }
    assert.ok(lists >= 6 && lists <= 8, `${lists}`);
    // A passing failure is a warning at first.
    assert.deepEqual(
      place.lines
        .filter(({ level }) => level > 30)
        .map(({ level }) => level)
        .slice(0, 4),
      [40, 40, 50, 50],
    );
    fails = false;
    assert.equal((await client.refresh()).body.failure, undefined);
  });

  test('while others ask to refresh is loaded once', async () => {
    const place = new ServicePlace();
    await publishSample(place.exports, small(1), { ...TASK, ordinal: 1 });
    let reads = 0;
    const read = (name: string, generation?: string) => ((reads += 1), place.exports.read(name, generation));
    const client = place.open('reg', standIn(place.exports, { read }));
    await Promise.all(Array.from({ length: 20 }, () => client.refresh()));
    assert.equal(reads, 4);
  });
});

function wrongSum(of: Pointer): Pointer {
  return {
    ...of,
    files: of.files.map((file, index) => (index === 0 ? { ...file, crc32c: 'AAAAAA==' } : file)),
  };
}

function shorter(of: Pointer): Pointer {
  return {
    ...of,
    files: of.files.map((file, index) => (index === 0 ? { ...file, sizeBytes: file.sizeBytes - 1 } : file)),
  };
}

function huge(of: Pointer): Pointer {
  return { ...of, files: of.files.map((file) => ({ ...file, sizeBytes: 100_000_001 })) };
}
