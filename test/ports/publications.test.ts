// Files, published through the unmodified clients: what a reader finds, and what no sequence of events may do.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { z } from 'zod';
import type { ObjectStore } from '../../shared/objects/store.ts';
import {
  checkedBy,
  contentType,
  countWithin,
  jsonFile,
  sizeWithin,
} from '../../shared/pipelines/file-checks.ts';
import { files } from '../../shared/pipelines/outputs.ts';
import { type Pipeline } from '../../shared/pipelines/pipeline.ts';
import { readPointer } from '../../shared/publications/pointer.ts';
import { tidyExports } from '../../shared/publications/reveal.ts';
import { observeExports } from '../../shared/reconciliation/exports.ts';
import { readEntries } from '../../shared/warehouse/ledger-entries.ts';
import type { WatchedMesh } from './cloud.ts';
import { opened, openPublishing, ports, published, runOf, written } from './publishing.ts';

const MAPS = files({
  name: 'maps',
  pattern: /^maps\//,
  checks: [
    countWithin(/\.tif$/, 1, 3),
    sizeWithin(/\.tif$/, 2, 100),
    contentType(/\.json$/, 'application/json'),
    jsonFile(/\.json$/, z.object({ city: z.string() })),
    checkedBy(/\.tif$/, 'a TIFF', async ({ readStart }) => {
      const start = (await readStart(2)).toString();
      return start === 'II' ? undefined : `a file that begins with ${start}`;
    }),
  ],
});

let mesh: WatchedMesh;
before(async () => {
  mesh = await openPublishing();
});
after(() => mesh.close());

/** What a reader finds that follows the pointer: the text of each file by its name. */
async function read(
  exports: ObjectStore,
  pipeline: Pipeline,
  output: string,
): Promise<Record<string, string>> {
  const pointer = (await readPointer(exports, pipeline.name, output))?.value;
  const found: Record<string, string> = {};
  for (const { name, object, generation } of pointer?.files ?? []) {
    const stored = await exports.readText(object, 1000);
    assert.equal(stored?.generation, generation);
    found[name] = stored?.text ?? '';
  }
  return found;
}

const GOOD = { 'maps/a.tif': 'II*one', 'maps/meta.json': '{"city":"Lyon"}' };

describe('files', () => {
  let pipeline: Pipeline;
  before(async () => {
    pipeline = await opened('heat', MAPS);
  });

  test('a reader that follows the pointer finds the files of one run, each in its version', async () => {
    const first = await written(pipeline, 1, { files: { ...GOOD, 'report.html': '<p>' } });
    assert.equal((await published(pipeline, first)).kind, 'published');
    assert.deepEqual(await read(ports.exports, pipeline, 'maps'), GOOD);
    const second = { ...GOOD, 'maps/a.tif': 'II*two', 'maps/b.tif': 'II*new' };
    await published(pipeline, await written(pipeline, 2, { files: second }));
    assert.deepEqual(await read(ports.exports, pipeline, 'maps'), second);
    const [one, two] = await readEntries(ports.warehouse, pipeline);
    assert.deepEqual([one?.ordinal, two?.ordinal], [1, 2]);
    assert.equal((await readPointer(ports.exports, 'heat', 'maps'))?.value.ordinal, 2);
  });

  test('the same publication again changes nothing', async () => {
    const before = await ports.exports.list('heat/', 1000);
    const second = { ...GOOD, 'maps/a.tif': 'II*two', 'maps/b.tif': 'II*new' };
    assert.equal(
      (await published(pipeline, await written(pipeline, 2, { files: second }))).kind,
      'published',
    );
    assert.deepEqual(await ports.exports.list('heat/', 1000), before);
    assert.equal((await readEntries(ports.warehouse, pipeline)).length, 2);
  });

  test('an older run is superseded, and readers see nothing of it', async () => {
    const before = await read(ports.exports, pipeline, 'maps');
    const first = await written(pipeline, 1, { files: { ...GOOD, 'report.html': '<p>' } });
    const late = { ...first, run: runOf(1) };
    const answer = await published(pipeline, late, { replay: 'late' });
    assert.equal(answer.kind, 'superseded');
    assert.deepEqual(await read(ports.exports, pipeline, 'maps'), before);
  });

  test("a person's replay of an older run goes into a folder of its own, and its ordinal is higher", async () => {
    const first = await written(pipeline, 1, { files: { ...GOOD, 'report.html': '<p>' } });
    const again = { kind: 'rollback', allowOlder: true, replay: 'back' } as const;
    assert.equal((await published(pipeline, first, again)).kind, 'published');
    assert.deepEqual(await read(ports.exports, pipeline, 'maps'), GOOD);
    const pointer = (await readPointer(ports.exports, 'heat', 'maps'))?.value;
    assert.equal(pointer?.ordinal, 3);
    assert.ok(pointer.files.every(({ object }) => object.includes('-replay-back/attempt-1/')));
  });

  test('of two publications at once each is whole, and the pointer shows the newest entry', async () => {
    const manifests = await Promise.all(
      [10, 11].map((sequence) =>
        written(pipeline, sequence, { files: { ...GOOD, 'maps/a.tif': `II*${sequence}` } }),
      ),
    );
    const answers = await Promise.all(manifests.map((manifest) => published(pipeline, manifest)));
    assert.ok(answers.some(({ kind }) => kind === 'published'));
    const entries = await readEntries(ports.warehouse, pipeline);
    assert.deepEqual(
      entries.map(({ ordinal }) => ordinal),
      entries.map((_, index) => index + 1),
    );
    assert.deepEqual(await read(ports.exports, pipeline, 'maps'), { ...GOOD, 'maps/a.tif': 'II*11' });
    const observed = await observeExports(pipeline, entries, ports.exports, Date.now());
    assert.deepEqual(observed.differences, []);
  });

  for (const [index, [what, change, why]] of (
    [
      ['too few files', { 'maps/a.tif': undefined }, /0 files have a name like .*; expected 1 to 3/],
      ['a file that is too small', { 'maps/a.tif': 'I' }, /maps\/a\.tif: found 1 bytes; expected 2 to 100/],
      ['another form of JSON', { 'maps/meta.json': '{"town":"Lyon"}' }, /meta\.json: found another form/],
      ['no JSON', { 'maps/meta.json': 'Lyon' }, /meta\.json: found no JSON/],
      [
        'what its checker refuses',
        { 'maps/a.tif': 'MM*x' },
        /a\.tif: found a file that begins with MM; expected a TIFF/,
      ],
      ['a name that is no path', { 'maps/../x.tif': 'II*x' }, /cannot be published under its name/],
      ["the pointer's name", { 'maps/current.json': '{"city":"x"}' }, /cannot be published under its name/],
    ] as const
  ).entries()) {
    test(`${what}: not published, with the file, what was found and what was expected`, async () => {
      const named = Object.entries({ ...GOOD, ...change }).filter(([, text]) => text !== undefined);
      const sequence = 100 + index;
      const output = { files: Object.fromEntries(named) as Record<string, string> };
      const answer = await published(pipeline, await written(pipeline, sequence, output));
      assert.equal(answer.kind, 'unfit');
      assert.match('reason' in answer ? answer.reason : '', why);
    });
  }

  test('what was superseded begins to count its days, what is current and the pointer never do', async () => {
    const log = { info: () => undefined } as never;
    await tidyExports(pipeline, { ...ports, now: () => Date.UTC(2027, 0, 1), log });
    const current = (await readPointer(ports.exports, 'heat', 'maps'))?.value.publication ?? '';
    for (const { name, customTimeMs } of await ports.exports.list('heat/maps/', 1000)) {
      const isKept = name.endsWith('/current.json') || name.includes(`/${current}/`);
      assert.equal(customTimeMs, isKept ? undefined : Date.UTC(2027, 0, 1), name);
    }
  });

  test('a file that is overwritten or a pointer that is behind is a difference', async () => {
    const entries = await readEntries(ports.warehouse, pipeline);
    const file = (await readPointer(ports.exports, 'heat', 'maps'))?.value.files[0];
    assert.ok(file);
    await ports.exports.replace(file.object, file.generation, 'II*changed by hand', 'image/tiff');
    const { differences } = await observeExports(pipeline, entries, ports.exports, Date.now());
    assert.equal(differences.length, 1);
    assert.match(differences[0] ?? '', /has generation .*was published with generation/);
    const stale = await observeExports(pipeline, entries.slice(0, -1), ports.exports, Date.now());
    assert.match(stale.differences[0] ?? '', /the pointer of heat maps shows .*; expected /);
  });
});
