// Files and models, published through the unmodified clients: what a reader finds, and what no order of events may do.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { z } from 'zod';
import { pinModels } from '../../functions/load-output/pin.ts';
import { BoundError } from '../../shared/errors.ts';
import { gcsStore } from '../../shared/google/storage.ts';
import { toJson } from '../../shared/objects/json.ts';
import type { ObjectStore } from '../../shared/objects/store.ts';
import type { ModelResult } from '../../shared/outputs/manifest.ts';
import {
  checkedBy,
  contentType,
  countWithin,
  jsonFile,
  sizeWithin,
} from '../../shared/pipelines/file-checks.ts';
import { hours, minutes } from '../../shared/pipelines/duration.ts';
import { files, model, type Output } from '../../shared/pipelines/outputs.ts';
import { definePipeline, type Pipeline } from '../../shared/pipelines/pipeline.ts';
import { fromEnv } from '../../shared/pipelines/setting.ts';
import { bucket, manyOf } from '../../shared/pipelines/source.ts';
import { watch } from '../../shared/pipelines/trigger.ts';
import type { DataManifest } from '../../shared/publications/manifest-file.ts';
import { readPointer } from '../../shared/publications/pointer.ts';
import { publish } from '../../shared/publications/publish.ts';
import { readRegister } from '../../shared/publications/register.ts';
import { tidyExports } from '../../shared/publications/reveal.ts';
import { stageOutput, type StagePorts } from '../../shared/publications/stage.ts';
import { lookAtExports } from '../../shared/reconciliation/exports.ts';
import { manifestObject, outputFolder } from '../../shared/runs/names.ts';
import { readEntries } from '../../shared/warehouse/ledger-entries.ts';
import { LEDGER, LEDGER_FIELDS, readNewest, type Publication } from '../../shared/warehouse/ledger.ts';
import { LOCK_FIELDS, lockTable } from '../../shared/warehouse/lock.ts';
import { bigqueryWarehouse } from '../../shared/google/bigquery.ts';
import { publicationId } from '../../shared/warehouse/tables.ts';
import { openGround, PROJECT, type Ground } from './cloud.ts';

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
const BEST = model({ name: 'best', pattern: /^model\//, metric: 'wape', better: 'lower' });

const pipelineOf = (name: string, ...outputs: Output[]): Pipeline =>
  definePipeline({
    name,
    trigger: watch({
      schedule: '0 * * * *',
      freshness: hours(2),
      source: bucket({
        bucket: fromEnv('B'),
        prefix: '',
        settleSeconds: fromEnv('S', '0'),
        files: { x: manyOf(/x/) },
      }),
    }),
    job: { image: 'heat', cpu: 1, memory: '1Gi', timeout: minutes(5), attempts: 1 },
    outputs,
  });

let ground: Ground;
let ports: StagePorts;
before(async () => {
  ground = await openGround();
  const { cloud, config } = ground;
  for (const name of ['runs', 'results', 'exports'])
    cloud.storage.ensureBucket({ name, location: 'EU', projectId: PROJECT });
  await cloud.bigquery.ensureDataset({ datasetId: LEDGER.dataset, location: 'EU' });
  await ensureTable(LEDGER.table, LEDGER_FIELDS);
  ports = {
    results: gcsStore('results', config),
    exports: gcsStore('exports', config),
    warehouse: bigqueryWarehouse(config),
  };
});
after(() => ground.close());

async function ensureTable(tableId: string, fields: readonly object[]): Promise<void> {
  const schema = JSON.parse(JSON.stringify({ fields })) as never;
  await ground.cloud.bigquery.ensureTable({ datasetId: LEDGER.dataset, tableId, schema });
}

/** Each with a lock of its own. */
async function opened(name: string, ...outputs: Output[]): Promise<Pipeline> {
  const pipeline = pipelineOf(name, ...outputs);
  await ensureTable(lockTable(pipeline).table, LOCK_FIELDS);
  return pipeline;
}

const runOf = (sequence: number) => `${String(sequence).padStart(6, '0')}-0123abcd`;

interface Written {
  readonly files: Readonly<Record<string, string>>;
  readonly models?: readonly ModelResult[];
}

/** Writes what the job of a run would write, and gives its manifest. */
async function written(pipeline: Pipeline, sequence: number, what: Written): Promise<DataManifest> {
  const run = runOf(sequence);
  const folder = outputFolder(pipeline.name, run, 1);
  const named: DataManifest['files'][number][] = [];
  for (const [name, text] of Object.entries(what.files)) {
    const type = name.endsWith('.json') ? 'application/json' : 'image/tiff';
    await ports.results.create(`${folder}${name}`, text, type);
    const info = await ports.results.info(`${folder}${name}`);
    named.push({
      name,
      object: `${folder}${name}`,
      sizeBytes: info?.sizeBytes ?? 0,
      crc32c: info?.crc32c ?? '',
    });
  }
  const manifest: DataManifest = {
    ...{ kind: 'output', pipeline: pipeline.name, run, attempt: 1, rows: 0, files: named },
    writtenAt: '2026-01-05T00:00:00.000Z',
    ...(what.models === undefined ? {} : { models: what.models }),
  };
  await ports.results.create(manifestObject(pipeline.name, run, 1), toJson(manifest), 'application/json');
  return manifest;
}

const ORIGIN = { revision: null, cause: null, requestedAt: null, frozenAt: null, files: null };

async function published(
  pipeline: Pipeline,
  manifest: DataManifest,
  more: Partial<Pick<Publication, 'kind' | 'overNewer'>> & { readonly replay?: string } = {},
) {
  const { replay, ...said } = more;
  const id = publicationId(pipeline, manifest.run, replay);
  const staged = await stageOutput(pipeline, manifest, id, ports);
  if (staged.kind === 'unfit') return staged;
  const made = {
    ...{ id, pipeline, run: manifest.run, kind: 'run' as const, origin: ORIGIN, askedBy: null },
    gate: { kind: 'none', detail: null } as const,
    overNewer: false,
    ...said,
  };
  return publish(made, manifest, staged, ports);
}

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
    const again = { kind: 'rollback', overNewer: true, replay: 'back' } as const;
    assert.equal((await published(pipeline, first, again)).kind, 'published');
    assert.deepEqual(await read(ports.exports, pipeline, 'maps'), GOOD);
    const pointer = (await readPointer(ports.exports, 'heat', 'maps'))?.value;
    assert.equal(pointer?.ordinal, 3);
    assert.ok(pointer.files.every(({ object }) => object.includes('-replay-back/')));
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
    const seen = await lookAtExports(pipeline, entries, ports.exports, Date.now());
    assert.deepEqual(seen.differences, []);
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
    const { differences } = await lookAtExports(pipeline, entries, ports.exports, Date.now());
    assert.equal(differences.length, 1);
    assert.match(differences[0] ?? '', /has generation .*was published with generation/);
    const behind = await lookAtExports(pipeline, entries.slice(0, -1), ports.exports, Date.now());
    assert.match(behind.differences[0] ?? '', /the pointer of heat maps shows .*; expected /);
  });
});

describe('a model', () => {
  let pipeline: Pipeline;
  before(async () => {
    pipeline = await opened('bikes', BEST);
  });
  const result = (wape: number, champion: ModelResult['champion']): ModelResult => ({
    name: 'best',
    recipe: 'xgboost',
    metrics: { wape },
    champion,
  });
  const against = (sequence: number, wape: number): ModelResult['champion'] => ({
    publication: `bikes-${runOf(sequence)}`,
    metrics: { wape },
  });
  const trained = async (sequence: number, models: readonly ModelResult[]) =>
    published(
      pipeline,
      await written(pipeline, sequence, { files: { 'model/m.ubj': `tree ${sequence}` }, models }),
    );
  const champion = async () => (await readPointer(ports.exports, 'bikes', 'best'))?.value;

  test('the first candidate is the champion; a better one takes its place, an equal or worse one does not', async () => {
    await trained(1, [result(0.2, null)]);
    assert.equal((await champion())?.run, runOf(1));
    const worse = await trained(2, [result(0.3, against(1, 0.2))]);
    assert.match(JSON.stringify(worse), /is registered: wape is 0\.3 against 0\.2/);
    await trained(3, [result(0.2, against(1, 0.2))]);
    assert.equal((await champion())?.run, runOf(1));
    assert.equal((await champion())?.ordinal, 3);
    await trained(4, [result(0.1, against(1, 0.2))]);
    assert.equal((await champion())?.run, runOf(4));
  });

  test('one that was compared with another than the champion is registered, and not promoted', async () => {
    const answer = await trained(5, [result(0.01, against(1, 0.2))]);
    assert.match(JSON.stringify(answer), /it was not compared with the champion of run 000004/);
    assert.equal((await champion())?.run, runOf(4));
  });

  test('a rollback makes the older model current and pins it: training promotes none any more', async () => {
    const manifest = await written(pipeline, 1, {
      files: { 'model/m.ubj': 'tree 1' },
      models: [result(0.2, null)],
    });
    await published(pipeline, manifest, { kind: 'rollback', overNewer: true, replay: 'r1' });
    assert.partialDeepStrictEqual(await champion(), { run: runOf(1), pinned: true });
    const own = { publication: `bikes-${runOf(1)}-replay-r1`, metrics: { wape: 0.2 } };
    const answer = await trained(6, [result(0.01, own)]);
    assert.match(JSON.stringify(answer), /the champion of run 000001-0123abcd is pinned/);
    assert.equal((await champion())?.run, runOf(1));
  });

  test('a pin is one entry of the ledger, however often it is asked for; without it training promotes again', async () => {
    const runs = gcsStore('runs', ground.config);
    const log = { info: () => undefined } as never;
    const asked = async (nonce: string, pinned: boolean) =>
      pinModels(
        { pipeline, run: runOf(1), nonce, pinned, by: 'ada' },
        { ...ports, runs, now: () => Date.now(), log },
      );
    assert.equal((await asked('p1', false)).outcome, 'published');
    assert.equal((await champion())?.pinned, false);
    const before = (await readEntries(ports.warehouse, pipeline)).length;
    await asked('p2', true);
    await asked('p2', true);
    const entries = await readEntries(ports.warehouse, pipeline);
    assert.deepEqual([entries.length, entries.at(-1)?.kind], [before + 1, 'pin']);
    assert.partialDeepStrictEqual(await champion(), { run: runOf(1), pinned: true, ordinal: before + 1 });
    const stands = { publication: (await champion())?.publication ?? '', metrics: { wape: 0.2 } };
    await trained(7, [result(0.1, stands)]);
    assert.equal((await champion())?.run, runOf(1));
    await asked('p3', false);
    await trained(8, [result(0.1, stands)]);
    assert.equal((await champion())?.run, runOf(8));
  });

  test('every candidate is registered once, with what was measured of it', async () => {
    const listed = await readRegister(ports.exports, 'bikes', 'best', 100);
    const runs = listed.map(
      ({ run, publication }) => `${run} ${publication.includes('replay') ? 'again' : ''}`,
    );
    assert.deepEqual(
      runs.toSorted(),
      [1, 1, 2, 3, 4, 5, 6, 7, 8].map((n, i) => `${runOf(n)} ${i === 1 ? 'again' : ''}`).toSorted(),
    );
    await assert.rejects(ports.exports.list('bikes/', 3), BoundError);
  });

  test('of two candidates at once that are both better, one is the champion and the other is not compared with it', async () => {
    const newest = await readNewest(ports.warehouse, pipeline);
    assert.ok(newest);
    const other = await opened('trams', BEST);
    await published(
      other,
      await written(other, 1, { files: { 'model/m': 'a' }, models: [result(0.5, null)] }),
    );
    const first = { publication: `trams-${runOf(1)}`, metrics: { wape: 0.5 } };
    const answers = await Promise.all(
      [7, 8].map(async (sequence) =>
        published(
          other,
          await written(other, sequence, {
            files: { 'model/m': `t${sequence}` },
            models: [result(0.4, first)],
          }),
        ),
      ),
    );
    const promoted = answers.filter((answer) => JSON.stringify(answer).includes('is the champion:'));
    assert.equal(promoted.length, 1);
    const entries = await readEntries(ports.warehouse, other);
    assert.deepEqual((await lookAtExports(other, entries, ports.exports, Date.now())).differences, []);
  });

  test('a manifest that measures no model is unfit', async () => {
    assert.match(JSON.stringify(await trained(20, [])), /the manifest measures no model best/);
  });
});
