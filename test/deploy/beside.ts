// Runs in a copy of the tree to which sample pipelines were added: several side by side, and no schedule that ticks. Prints
// what each made of its own folder or bucket, as one line of JSON.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LOCAL_PROJECT, openMesh, REGION } from '../../cli/local-mesh.ts';
import { runsBucketOf } from '../../shared/deployment.ts';
import { gcsStore } from '../../shared/google/storage.ts';
import { listRuns, readRun } from '../../shared/history/history.ts';
import { until } from '../waiting.ts';

const TYPE = 'application/octet-stream';
const GRIDS = ['a.nc', 'b.nc', 'été %2F.nc'];

const root = mkdtempSync(join(tmpdir(), 'beside-'));
const folders = { data: join(root, 'data'), drive: join(root, 'drive') };
mkdirSync(folders.drive);
const cloud = await openMesh(folders, {
  pipeline: 'maps',
  env: { PLANS_MAPS_FOLDER: 'plans-1', STOPS_BUCKET: 'city', GRID_BUCKET: 'climate' },
  config: Object.fromEntries(
    ['maps', 'plans', 'stops', 'grid'].map((name) => [`${name}:settleSeconds`, name === 'stops' ? '1' : '0']),
  ),
  onLog: ({ from, text }) => process.stderr.write(`${from}: ${text}\n`),
});
await cloud.scheduler.stop();
process.env['GCE_METADATA_HOST'] = new URL(cloud.endpoint).host;
process.env['METADATA_SERVER_DETECTION'] = 'assume-present';
const config = { GOOGLE_CLOUD_PROJECT: LOCAL_PROJECT, GOOGLE_API_ENDPOINT: cloud.endpoint };
const runs = gcsStore(runsBucketOf(LOCAL_PROJECT), config);

const tick = (name: string) =>
  cloud.scheduler.run(`projects/${LOCAL_PROJECT}/locations/${REGION}/jobs/tick-${name}`);

/** Every run of the pipeline, once its newest has ended and nothing is on its way. */
const ended = (name: string) =>
  until(`the end of the runs of ${name}`, async () => {
    const [newest, ...older] = await listRuns(runs, name, 10);
    if (newest?.outcome === undefined || !cloud.pubsub.idle()) return undefined;
    const run = await readRun(runs, name, newest.run);
    return {
      runs: older.length + 1,
      outcome: run?.status,
      files: run?.request.snapshot.map((file) => file.name),
      cause: run?.request.cause.kind,
    };
  });

try {
  writeFileSync(join(folders.drive, 'north.tif'), 'north');
  writeFileSync(join(folders.data, 'folders', 'plans-1', 'south.tif'), 'south');
  for (const name of ['maps', 'plans']) await tick(name);
  await gcsStore('city', config).create('counts/stops.csv', 'place,riders\nPort,3\nGare,5\n', TYPE);
  const stops = await ended('stops');
  // All hints at once, beside a tick.
  await cloud.pubsub.stop();
  for (const name of [...GRIDS, 'deep/', 'readme.txt'])
    await gcsStore('climate', config).create(`daily/${name}`, 'row\n', TYPE);
  await gcsStore('climate', config).create('elsewhere/c.nc', 'row\n', TYPE);
  cloud.pubsub.start();
  await tick('grid');
  const grid = await ended('grid');
  const [maps, plans] = [await ended('maps'), await ended('plans')];
  process.stdout.write(`${JSON.stringify({ maps, plans, stops, grid })}\n`);
} finally {
  await cloud.close();
  rmSync(root, { recursive: true, force: true });
}
