// A bucket as a source, through the unmodified client: what it lists, what it freezes, and whose bucket it may be.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { decidePoll } from '../../functions/detect-changes/decide.ts';
import { freezeSource } from '../../functions/start-run/freeze.ts';
import { PermanentError } from '../../shared/errors.ts';
import { gcsStore } from '../../shared/google/storage.ts';
import { readJson } from '../../shared/objects/json.ts';
import { MemoryStore } from '../../shared/objects/memory.ts';
import type { ObjectStore } from '../../shared/objects/store.ts';
import { manyOf, oneOf } from '../../shared/pipelines/source.ts';
import { inputManifest } from '../../shared/runs/input.ts';
import { frozenObject, inputObject } from '../../shared/runs/names.ts';
import { bucketSource } from '../../shared/sources/bucket.ts';
import { castRoles } from '../../shared/sources/roles.ts';
import { revisionOf } from '../../shared/sources/snapshot.ts';
import type { WatchedSource } from '../../shared/sources/source.ts';
import { startMesh, PROJECT, type WatchedMesh } from './cloud.ts';

const TYPE = 'application/x-netcdf';
const PLACE = 'climate/daily/';
const NAMES = ['grid 2025.nc', 'été/100 % #1?.nc', '日別%2F.nc', 'stations.csv'];
const ROLES = { grid: manyOf(/\.nc$/), stations: oneOf('stations.csv') };

let mesh: WatchedMesh;
let climate: ObjectStore;
let runs: ObjectStore;
let source: WatchedSource;
before(async () => {
  mesh = await startMesh();
  for (const name of ['climate', 'runs'])
    mesh.cloud.storage.ensureBucket({ name, location: 'EU', projectId: PROJECT });
  climate = gcsStore('climate', mesh.config);
  runs = gcsStore('runs', mesh.config);
  source = bucketSource((bucket) => gcsStore(bucket, mesh.config), runs);
  for (const name of NAMES) await climate.create(`daily/${name}`, `content of ${name}`, TYPE);
  await climate.create('daily/', '', TYPE);
  await climate.create('daily/empty folder/', '', TYPE);
  await climate.create('elsewhere.nc', 'x', TYPE);
});
after(() => mesh.close());

test('files are those under the prefix, by their names behind it; what stands for a folder is none', async () => {
  const files = await source.list(PLACE);
  assert.deepEqual(files.map(({ name }) => name).sort(), NAMES.toSorted());
  for (const { content } of files) assert.equal(content.kind, 'generation');
});

const poll = async () =>
  decidePoll({
    pipeline: 'heat',
    roles: ROLES,
    files: await source.list(PLACE),
    state: undefined,
    settleMs: 0,
    nowMs: Date.now(),
    nonce: null,
    cause: { kind: 'schedule', by: 'scheduler@test', reason: null },
  });

async function requested() {
  const decision = await poll();
  assert.ok(decision.kind === 'request');
  return decision.request;
}

test('listed objects are frozen with their bytes, under any name; frozen again, they are verified', async () => {
  const request = await requested();
  const ports = { runs, source, champions: async () => [], now: () => Date.now() };
  assert.deepEqual(await freezeSource(request, ports), { kind: 'frozen' });
  const manifest = (await readJson(runs, inputObject('heat', request.run), inputManifest))?.value;
  assert.equal(manifest?.files.length, NAMES.length);
  for (const { object, name, crc32c } of manifest?.files ?? []) {
    assert.equal((await runs.readText(object, 1000))?.text, `content of ${name}`);
    assert.equal((await runs.info(object))?.crc32c, crc32c);
  }
  assert.deepEqual(await freezeSource(request, ports), { kind: 'frozen' });
});

test('a file that is overwritten or deleted between the poll and the freeze is a change', async () => {
  const request = { ...(await requested()), run: '000002-0123abcd' };
  const stations = await climate.info('daily/stations.csv');
  await climate.replace('daily/stations.csv', stations?.generation ?? '', 'other', TYPE);
  const ports = { runs, source, champions: async () => [], now: () => Date.now() };
  assert.deepEqual(await freezeSource(request, ports), { kind: 'changed', file: 'stations.csv' });
  const again = { ...(await requested()), run: '000003-0123abcd' };
  assert.notEqual(again.revision, request.revision);
  const grid = await climate.info('daily/grid 2025.nc');
  await climate.remove('daily/grid 2025.nc', grid?.generation ?? '');
  assert.deepEqual(await freezeSource(again, ports), { kind: 'changed', file: 'grid 2025.nc' });
});

test('an object that was composed has no md5, and is a file like others', async () => {
  for (const part of ['a', 'b']) await climate.create(`parts/${part}`, part, TYPE);
  const { Storage } = await import('@google-cloud/storage');
  const bucket = new Storage({
    projectId: PROJECT,
    apiEndpoint: mesh.config.GOOGLE_API_ENDPOINT ?? '',
  }).bucket('climate');
  await bucket.combine(['parts/a', 'parts/b'], bucket.file('composed/whole.nc'));
  assert.equal((await climate.info('composed/whole.nc'))?.md5, undefined);
  const [file] = castFiles(await source.list('climate/composed/'));
  assert.ok(file);
  const object = frozenObject('heat', '000004-0123abcd', 'grid', 1);
  assert.ok(await source.freeze(file, object));
  assert.equal((await runs.readText(object, 10))?.text, 'ab');
});

function castFiles(files: Awaited<ReturnType<WatchedSource['list']>>) {
  const cast = castRoles(files, { grid: manyOf(/\.nc$/) });
  return cast.kind === 'complete' ? cast.snapshot : [];
}

test('the same bytes under the same name, written again, are another version, and so another revision', async () => {
  await climate.replace('twice/x.nc', '0', 'same', TYPE);
  const first = castFiles(await source.list('climate/twice/'));
  const standing = await climate.info('twice/x.nc');
  await climate.replace('twice/x.nc', standing?.generation ?? '', 'same', TYPE);
  assert.notEqual(revisionOf(castFiles(await source.list('climate/twice/'))), revisionOf(first));
});

test('a bucket of another project is refused by its number, before a file of it is listed', async () => {
  class Foreign extends MemoryStore {
    override async projectNumber(): Promise<string> {
      return '424242';
    }
    override async list(): Promise<never> {
      throw new Error('it was listed');
    }
  }
  const foreign = bucketSource((bucket) => new Foreign(bucket), runs);
  await assert.rejects(foreign.list('theirs/'), (error: unknown) => {
    assert.ok(error instanceof PermanentError);
    return /gs:\/\/theirs belongs to the project number 424242; expected a bucket of \d+/.test(error.message);
  });
});
