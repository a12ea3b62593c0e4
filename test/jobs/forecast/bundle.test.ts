// The job as its image holds it: bundled, with no library in reach but its native ones, and the same bytes as its output.
import assert from 'node:assert/strict';
import { build } from 'esbuild';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { bundleJob } from '../../../build/job.ts';
import { workerFiles } from '../../../build/worker-files.ts';
import { startService, type Service } from '../../local/storage/service.ts';
import { xgboostHere } from '../xgboost/installed.ts';
import { freeze, RUN, runJob, SOURCES } from './container.ts';

const folder = mkdtempSync(join(tmpdir(), 'job-bundle-'));
const bundle = join(folder, 'bundle');
let programs: readonly string[];
before(async () => {
  programs = await bundleJob('forecast', bundle);
});
after(() => rmSync(folder, { recursive: true, force: true }));

/** Every file of a folder by its path in it. */
const filesIn = (root: string): ReadonlyMap<string, Buffer> =>
  new Map(
    readdirSync(root, { recursive: true, encoding: 'utf8' })
      .filter((name) => statSync(join(root, name)).isFile())
      .sort()
      .map((name) => [name, readFileSync(join(root, name))]),
  );

test('a bundle holds each program in one file, and of libraries the native ones alone', () => {
  assert.deepEqual(programs.toSorted(), ['main.mjs', 'reading-worker.mjs', 'week-worker.mjs']);
  const names = [...filesIn(bundle).keys()];
  for (const program of programs) assert.ok(names.includes(program), program);
  const rest = names.filter((name) => !programs.includes(name));
  assert.ok(
    rest.every((name) => name.endsWith('.node') || name.startsWith('node_modules/@koromix/')),
    String(rest),
  );
  for (let above = folder; above !== dirname(above); above = dirname(above)) {
    assert.ok(!existsSync(join(above, 'node_modules')), `${above} has libraries`);
  }
});

test('the same sources give the same bundle', async () => {
  const again = join(folder, 'again');
  await bundleJob('forecast', again);
  assert.deepEqual(filesIn(again), filesIn(bundle));
});

test(
  'the bundle learns in its threads, and writes the bytes that the sources write',
  xgboostHere,
  async (t) => {
    const env = { XGBOOST_LIBRARY: process.env['XGBOOST_LIBRARY'], ENGINE_FALLBACK: 'none', THREADS: '2' };
    const services: Service[] = [];
    for (const command of [SOURCES, [process.execPath, join(bundle, 'main.mjs')]]) {
      const service = await startService(t);
      await freeze(service.bucket);
      const { code, stdout, stderr } = await runJob(service.origin, env, command);
      assert.equal(code, 0, stdout + stderr);
      services.push(service);
    }
    const written = services.map(({ finalized }) => finalized.map(({ name }) => name).sort());
    assert.ok(written[0]?.some((name) => name.startsWith('carmila/weeks/')));
    assert.deepEqual(written[1], written[0]);
    for (const name of [
      'predictions.csv',
      'predictions_intervals.csv',
      'metrics.json',
      ...['forecast/index.json', 'forecast/clusters.json', 'forecast/sites-1.json'],
      'report.html',
      'report.fr.html',
    ]) {
      const [sources, bundled] = await Promise.all(
        services.map(
          async ({ bucket }) => (await bucket.file(`carmila/${RUN}/attempt-1/${name}`).download())[0],
        ),
      );
      assert.equal(String(bundled), String(sources), name);
    }
  },
);

/** Bundles one source of a job called `sample`, and gives the workers that it names. */
async function workersOf(source: string) {
  const jobs = join(folder, 'jobs/sample');
  mkdirSync(jobs, { recursive: true });
  writeFileSync(join(jobs, 'main.ts'), source);
  const found = new Set<string>();
  const { outputFiles } = await build({
    entryPoints: [join(jobs, 'main.ts')],
    format: 'esm',
    bundle: true,
    write: false,
    logLevel: 'silent',
    plugins: [workerFiles(found)],
  });
  return { found: [...found], text: outputFiles[0]?.text ?? '' };
}

test('a worker that a source names is found, and named by its bundle', async () => {
  const { found, text } = await workersOf(`
    export const a = new URL('./deep/read-worker.ts', import.meta.url);
    export const b = new URL(
      '../week-worker.ts',
      import.meta.url,
    );`);
  assert.deepEqual(found, [
    join(folder, 'jobs/sample/deep/read-worker.ts'),
    join(folder, 'jobs/week-worker.ts'),
  ]);
  assert.match(text, /new URL\(["']\.\/read-worker\.mjs["'], import\.meta\.url\)/);
  assert.match(text, /new URL\(["']\.\/week-worker\.mjs["'], import\.meta\.url\)/);
});

test('a source that looks for another neighbour is refused, since the bundle does not have it', async () => {
  for (const source of [
    `export const a = new URL('./table.json', import.meta.url);`,
    'export const a = import.meta.dirname;',
    'export const a = new URL(`./${globalThis.name}.ts`, import.meta.url);',
  ]) {
    await assert.rejects(workersOf(source), /main\.ts reads import\.meta; in a bundle only/, source);
  }
});
