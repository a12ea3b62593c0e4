// The job's story from the input manifest to the output manifest, on buckets in memory.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { TooFewObservations } from '../../../jobs/train-bikes/trained.ts';
import { MemoryStore } from '../../../shared/objects/memory.ts';
import type { OutputManifest } from '../../../shared/outputs/manifest.ts';
import type { PublishedObjects } from '../../../shared/outputs/published.ts';
import {
  ATTEMPT,
  attempted,
  FOLDER,
  FROZEN_AT,
  frozen,
  jsonIn,
  portsOf,
  publishedChampion,
  type Source,
} from './attempt.ts';
import { csv, DATA, inMemory, read } from './exports.ts';

const messy = (name: string): Source => ({ name, bytes: readFileSync(`${DATA}messy/${name}`) });
const WEEK = messy('04-latin1.csv');
const ZIPPED = messy('25-zipped-name-lies.csv');

type Output = Extract<OutputManifest, { kind: 'output' }>;
const outputOf = (manifest: OutputManifest): Output => {
  assert.equal(manifest.kind, 'output');
  return manifest as Output;
};

/** A champion that was trained on the first days of the week. */
async function withChampion(
  spoil: (exports: MemoryStore, champion: PublishedObjects) => unknown = () => undefined,
) {
  const exports = new MemoryStore('exports');
  const reading = await read([inMemory(WEEK.bytes)]);
  assert.ok(reading.kind === 'read');
  const { counters, counter, hour, count } = reading.observations;
  const until = hour[0]! + 72;
  const rows = Array.from(hour.keys()).filter((row) => hour[row]! < until);
  const first = {
    counters,
    counter: Uint16Array.from(rows, (row) => counter[row]!),
    hour: Int32Array.from(rows, (row) => hour[row]!),
    count: Float32Array.from(rows, (row) => count[row]!),
  };
  const champion = await publishedChampion(exports, first);
  const changed = ((await spoil(exports, champion)) as PublishedObjects | undefined) ?? champion;
  return { exports, champion, ports: portsOf(await frozen([WEEK], [changed]), { exports }) };
}

test('an attempt writes the models, the metrics and the report, and names them in a manifest', async () => {
  const ports = portsOf(await frozen([WEEK, ZIPPED]));
  const { files, rows, models, summary } = outputOf(await attempted(ports));
  assert.deepEqual(
    files.map(({ name }) => name),
    ['reg-gbt.ubj', 'reg.json', 'class-gbt.ubj', 'class.json', 'metrics.json', 'report.html'],
  );
  // The day of the second file is in the week of the first.
  assert.equal(rows, 504);
  assert.deepEqual(models?.[0], {
    name: 'reg',
    recipe: 'gbt: means',
    metrics: { logRmse: 0.4, mae: 15, f1: 0.8 },
    champion: null,
    others: [{ recipe: 'rf: forest', metrics: { logRmse: 0.5, mae: 15, f1: 0.8 } }],
  });
  assert.deepEqual(summary?.['droppedRows'], 72);
  assert.equal((await jsonIn(ports.results, `${FOLDER}reg.json`))['trainedAt'], FROZEN_AT);
  const metrics = await jsonIn(ports.results, `${FOLDER}metrics.json`);
  assert.deepEqual(metrics['dropped'], { 'repeated-row': 72 });
  assert.deepEqual(
    (metrics['files'] as { file: string; rows: number; used: number }[]).map(({ file, rows, used }) => [
      file,
      rows,
      used,
    ]),
    [
      [WEEK.name, 504, 504],
      [ZIPPED.name, 72, 0],
    ],
  );
  assert.deepEqual((metrics['notes'] as unknown[])[0], { kind: 'folder', text: '2 files match no role.' });
  const { reg } = metrics['models'] as Record<string, { naive: unknown; drift: unknown }>;
  assert.deepEqual([reg?.naive, reg?.drift], [{ lastWeek: { logRmse: 0.6 } }, null]);
});

test('another try of the same attempt accepts what the first one wrote, whatever the clock says', async () => {
  const ports = portsOf(await frozen([WEEK]));
  const first = await attempted(ports);
  const again = await attempted({ ...ports, clock: () => new Date('2021-08-11T12:34:56Z') });
  assert.deepEqual(again, first);
});

test('files that cannot be used are all refused by name, and nothing else is written', async () => {
  const ports = portsOf(await frozen([WEEK, messy('15-counts-odd.csv'), messy('23-empty.csv')]));
  const manifest = await attempted(ports);
  assert.ok(manifest.kind === 'refusal');
  assert.deepEqual(
    manifest.problems.slice(0, 2).map(({ file }) => file),
    ['15-counts-odd.csv', '23-empty.csv'],
  );
  assert.equal(manifest.problemCount, 9);
  assert.match(manifest.reason, /^15-counts-odd\.csv: found 7 of 72 rows malformed/);
  const written = await ports.results.list('', 100);
  assert.deepEqual(
    written.map(({ name }) => name),
    [`${FOLDER}output.json`],
  );
  assert.match(ports.warnings[0] ?? '', /^refused the input: 15-counts-odd\.csv/);
});

test('too little to learn from is a refusal too', async () => {
  const ports = portsOf(await frozen([WEEK]), {
    trainModels: () => Promise.reject(new TooFewObservations('7 days', 'at least 8 weeks')),
  });
  const manifest = await attempted(ports);
  assert.ok(manifest.kind === 'refusal');
  assert.equal(manifest.reason, '04-latin1.csv: found 7 days; expected at least 8 weeks');
});

test('hours after the freeze are dropped as malformed', async () => {
  const rows = Array.from(
    { length: 40 },
    (_, index) => `A;1;2021-07-01 ${String(index % 20).padStart(2, '0')}:00`,
  );
  const future = csv(...rows, 'A;1;2021-08-10T06:00:00Z', 'A;2;2021-08-10T07:00:00Z');
  const ports = portsOf(await frozen([{ name: 'future.csv', bytes: Buffer.from(future) }]));
  const metrics = async () => jsonIn(ports.results, `${FOLDER}metrics.json`);
  await attempted(ports);
  assert.equal((await metrics())['lastHour'], '2021-08-10T06:00:00.000Z');
  assert.deepEqual((await metrics())['dropped'], { 'time-out-of-range': 1, 'repeated-row': 20 });
});

test('the champion is given to training, compared with, and its drift measured on what came since', async () => {
  const { ports, champion } = await withChampion();
  const { models } = outputOf(await attempted(ports));
  assert.deepEqual(Object.keys(ports.given[0]!), ['reg']);
  assert.equal(ports.given[0]!.reg?.publication, champion.publication);
  assert.deepEqual(models?.[0]?.champion, {
    publication: champion.publication,
    recipe: 'gbt: older',
    metrics: { logRmse: 0.41 },
  });
  assert.equal(models?.[1]?.champion, null);
  const metrics = await jsonIn(ports.results, `${FOLDER}metrics.json`);
  const { reg } = metrics['models'] as Record<string, { drift: Record<string, unknown> }>;
  const { publication, kind, since, rows, unknownCounters } = reg!.drift;
  assert.deepEqual(
    { publication, kind, since, rows, unknownCounters },
    {
      publication: champion.publication,
      kind: 'gbt',
      since: '2021-06-16T22:00:00.000Z',
      rows: 3 * 96,
      unknownCounters: 0,
    },
  );
  assert.ok((reg!.drift['metrics'] as { mae: number }).mae > 10);
});

const SPOILT: Readonly<
  Record<string, readonly [(exports: MemoryStore, champion: PublishedObjects) => unknown, RegExp]>
> = {
  'a file is gone': [
    async (exports, { files }) => void (await exports.remove(files[0]!.object, files[0]!.generation)),
    /reg-gbt\.ubj does not exist/,
  ],
  'a file was replaced': [
    async (exports, { files }) => {
      const { object, generation } = files[0]!;
      await exports.replace(object, generation, 'other', 'text/plain');
    },
    /reg-gbt\.ubj was replaced/,
  ],
  'a file has other bytes': [
    (_exports, champion) => ({
      ...champion,
      files: champion.files.map((file) => ({ ...file, crc32c: 'AAAAAA==' })),
    }),
    /reg-gbt\.ubj has other bytes than were published/,
  ],
  'it has no descriptor': [
    (_exports, champion) => ({ ...champion, files: champion.files.slice(0, 1) }),
    /it has no reg\.json/,
  ],
  'it is of another output': [
    (_exports, champion) => ({ ...champion, output: 'other' }),
    /trains no model "other"/,
  ],
  'it is too large': [
    (_exports, champion) => ({
      ...champion,
      files: champion.files.map((file) => ({ ...file, sizeBytes: 1e9 })),
    }),
    /it has 2 files of 2000000000 bytes/,
  ],
};

for (const [name, [spoil, reason]] of Object.entries(SPOILT)) {
  test(`a champion that cannot be read is a note: ${name}`, async () => {
    const { ports } = await withChampion(spoil);
    const { models } = outputOf(await attempted(ports));
    assert.deepEqual(ports.given, [{}]);
    assert.equal(models?.[0]?.champion, null);
    const { notes } = await jsonIn(ports.results, `${FOLDER}metrics.json`);
    const texts = (notes as { kind: string; text: string }[]).filter(({ kind }) => kind === 'champion');
    assert.match(texts[0]?.text ?? '', reason);
  });
}

test('a champion that cannot be loaded is compared with, and its drift is not measured', async () => {
  const { ports } = await withChampion();
  const { loadModel } = ports;
  const changed = {
    ...ports,
    loadModel: (files: Parameters<typeof loadModel>[0]) => {
      const model = loadModel(files);
      if (model.descriptor.trainedAt === FROZEN_AT) return model;
      throw new Error('the model has other features');
    },
  };
  const { models } = outputOf(await attempted(changed));
  assert.notEqual(models?.[0]?.champion, null);
  const metrics = await jsonIn(ports.results, `${FOLDER}metrics.json`);
  assert.equal((metrics['models'] as Record<string, { drift: unknown }>)['reg']?.drift, null);
  assert.match(JSON.stringify(metrics['notes']), /its drift is not measured: the model has other features/);
});

test('a lost connection to the champion fails the attempt, so that a retry compares after all', async () => {
  const { ports, exports } = await withChampion();
  exports.info = () => Promise.reject(new Error('connection lost'));
  await assert.rejects(attempted(ports), /connection lost/);
  assert.deepEqual(await ports.results.list('', 10), []);
});

test('a trained model that no service would load is not written', async () => {
  const ports = portsOf(await frozen([WEEK]), {
    loadModel: () => {
      throw new Error('reg-gbt.ubj: a tree without an end');
    },
  });
  await assert.rejects(attempted(ports), /reg-gbt\.ubj: a tree without an end/);
  assert.deepEqual(await ports.results.list('', 10), []);
});

test('a run without an input manifest is an error that names the missing object', async () => {
  await assert.rejects(
    attempted(portsOf(new MemoryStore('runs'))),
    new RegExp(`gs://runs/bikes/${ATTEMPT.run}/input\\.json does not exist`),
  );
});
