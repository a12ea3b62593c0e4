// Method: the job's image is built from its Dockerfile without a Docker engine, and the job is run from it on a local
// Cloud Run, beside the job as it stands in the tree: read-only, without rights, with the same bytes as its output.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, describe, test, type TestContext } from 'node:test';
import { promisify } from 'node:util';
import type { SourceFile } from '../../jobs/forecast/workbook/read.ts';
import { systemClock } from '../../local/clock.ts';
import { randomIds } from '../../local/ids.ts';
import { RunJobs } from '../../local/run/jobs.ts';
import { memoryState } from '../../local/state/state.ts';
import { KEY_VARIABLES } from '../../shared/executions/runner.ts';
import { startService, type Service } from '../local/storage/service.ts';
import { environmentAt, freeze, RUN, SOURCES } from '../jobs/forecast/container.ts';
import { buildImage, contained, type Image } from './image.ts';
import { report, thisMachine, whatIsMissing } from './machine.ts';

const skip =
  process.env['MESH_IMAGE'] === '1' ? false : 'it builds an image for minutes; npm run check:image does';
const DATA = new URL('../../../shared/data/drive-footfall/', import.meta.url);
const JOB = 'projects/p/locations/l/jobs/forecast';
const FOLDER = `carmila/${RUN}/attempt-1/`;

const LONGEST_MS = 3_600_000;
const LONGEST_JOB_SECONDS = 1_800;
/** It was 467 MB before the job was bundled. */
const MOST_BYTES = 24_000_000;
const MOST_TRIES = 10;

const missing = skip === false ? whatIsMissing(thisMachine) : undefined;
test('this machine can build the image of the job', { skip }, () =>
  assert.equal(missing, undefined, missing),
);

describe('the image of the job', { skip: skip || (missing ?? false), timeout: LONGEST_MS }, () => {
  let folder: string;
  let image: Image;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-image-'));
    process.once('exit', remove);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
    image = await buildImage(folder);
  });
  /** Commands that are still at work end with this process and may write until then. */
  function remove(): void {
    rmSync(folder, { recursive: true, force: true, maxRetries: MOST_TRIES });
  }

  test('starts Node itself, with no shell before it, as a user that is not root by its number', () => {
    const { User, Entrypoint, Env, WorkingDir } = image.config;
    assert.match(User, /^[1-9]\d*:[1-9]\d*$/);
    assert.deepEqual(Entrypoint, ['node', 'main.mjs']);
    assert.ok(Env.includes('NODE_ENV=production'));
    assert.equal(WorkingDir, '/app');
  });

  test('holds the bundled job and nothing else, readable by all and writable by root alone', () => {
    const app = join(image.root, 'app');
    const names = readdirSync(app, { recursive: true, encoding: 'utf8' });
    const found = ['.', ...names].map((name) => ({ name, stat: lstatSync(join(app, name)) }));
    for (const { name, stat } of found) {
      const expected = stat.isDirectory() ? 0o755 : 0o644;
      assert.equal(stat.mode & 0o777 & ~(stat.isDirectory() ? 0 : 0o111), expected, name);
      assert.deepEqual([stat.uid, stat.gid], [0, 0], name);
    }
    assert.deepEqual(readdirSync(join(app, 'node_modules')), ['@koromix']);
    const bytes = found.reduce((sum, { stat }) => sum + (stat.isFile() ? stat.size : 0), 0);
    report(`the job and its libraries are ${(bytes / 1e6).toFixed(1)} MB`);
    assert.ok(bytes < MOST_BYTES, `${bytes} bytes`);
  });

  test('writes nowhere but in /tmp, and has no rights', async () => {
    const script = `
      for folder in / /app /dev ~node /usr /var/tmp /proc; do touch $folder/x 2>/dev/null && echo "wrote in $folder"; done
      touch /tmp/x && echo "wrote in /tmp"
      id -u; grep -E '^(CapEff|NoNewPrivs)' /proc/self/status`;
    const [program = '', ...args] = contained(image, ['sh', '-c', script]);
    const { stdout } = await promisify(execFile)(program, args);
    assert.deepEqual(stdout.trim().split(/\s+/), [
      ...['wrote', 'in', '/tmp', '1000', 'CapEff:', '0000000000000000', 'NoNewPrivs:', '1'],
    ]);
  });

  test('writes the bytes that the job writes as it stands in the tree', async (t) => {
    const asImage = await execute(t, 'the image', contained(image));
    const asSources = await execute(t, 'its sources', SOURCES);
    const written = await outputsOf(asImage.service);
    const names = written.map(({ name }) => name);
    assert.deepEqual(
      names.slice(0, 3),
      ['clusters', 'index', 'sites-1'].map((name) => `forecast/${name}.json`),
    );
    assert.deepEqual(
      names.filter((name) => !name.startsWith('forecast/')),
      ['metrics.json', 'predictions.csv', 'predictions_intervals.csv', 'report.fr.html', 'report.html'],
    );
    for (const [index, { name, bytes }] of (await outputsOf(asSources.service)).entries()) {
      assert.ok(bytes.length > 0 && written[index]?.bytes.equals(bytes), `${name} differs`);
      report(`${name} is the same, ${bytes.length} bytes`);
    }
    const metrics = written.find(({ name }) => name === 'metrics.json');
    assert.equal(JSON.parse(String(metrics?.bytes)).engine, 'xgboost');
  });

  test('ends at once when its execution is cancelled while its threads learn, and logs it', async (t) => {
    const cancelled = await execute(t, 'the image', contained(image), 'forecast week 1 of');
    assert.deepEqual([cancelled.state, cancelled.exitCode], ['cancelled', 143]);
    assert.match(cancelled.lines.at(-1) ?? '', /"severity":"WARNING".*forecast ended by SIGTERM: /);
    const [manifest] = await cancelled.service.bucket.file(`${FOLDER}output.json`).exists();
    assert.equal(manifest, false);
  });
});

/** Runs the job by this command on a Cloud Run and a Cloud Storage of its own; cancels it when a line holds `until`. */
async function execute(t: TestContext, from: string, command: readonly string[], until?: string) {
  const service = await startService(t);
  await freeze(service.bucket, sharedFiles());
  const logFolder = mkdtempSync(join(tmpdir(), 'sluice-image-logs-'));
  t.after(() => rmSync(logFolder, { recursive: true, force: true }));
  const lines: string[] = [];
  const jobs = new RunJobs({
    state: memoryState(),
    clock: systemClock,
    newId: randomIds,
    envOf: async () => ({}),
    images: () => ({ command, cwd: tmpdir(), variables: KEY_VARIABLES }),
    logFolder,
    onLog: ({ execution, text }) => {
      lines.push(text);
      if (until !== undefined && text.includes(until) && jobs.execution(execution).state === 'running')
        jobs.cancel(execution);
    },
  });
  t.after(() => jobs.stop());
  jobs.ensureJob({
    name: JOB,
    image: 'forecast',
    env: environmentAt(service.origin),
    serviceAccountEmail: 'forecast@p.iam.gserviceaccount.com',
    maxRetries: 0,
    timeoutSeconds: LONGEST_JOB_SECONDS,
  });
  report(`running the job from ${from}${until === undefined ? '' : ', to be cancelled'}`);
  const { name } = jobs.run(JOB);
  await jobs.settled(name, LONGEST_JOB_SECONDS + 60);
  const { state, lastEnding } = jobs.execution(name);
  if (until === undefined) assert.equal(state, 'succeeded', lines.slice(-5).join('\n'));
  const exitCode = lastEnding?.kind === 'exited' ? lastEnding.exitCode : undefined;
  return { service, state, exitCode, lines: lines.filter((line) => line.startsWith('{')) };
}

async function outputsOf(service: Service) {
  const manifest = await contentOf(service, 'output.json');
  const { files } = JSON.parse(manifest.toString()) as { files: readonly { readonly name: string }[] };
  const names = files.map(({ name }) => name).sort();
  return Promise.all(names.map(async (name) => ({ name, bytes: await contentOf(service, name) })));
}

async function contentOf({ origin }: Service, name: string): Promise<Buffer> {
  const object = encodeURIComponent(FOLDER + name);
  const answer = await fetch(`${origin}/storage/v1/b/bkt/o/${object}?alt=media`);
  assert.equal(answer.status, 200, name);
  return Buffer.from(await answer.arrayBuffer());
}

/** One year of the shared workbooks where they are, which is enough to compare; a small folder elsewhere. */
function sharedFiles(): readonly SourceFile[] | undefined {
  if (!existsSync(DATA)) return undefined;
  const roleOf = (name: string) =>
    name.includes('flux') ? 'flux' : name.startsWith('Transco') ? 'transco' : 'openings';
  return readdirSync(DATA)
    .filter((name) => /^(2015|Transco|Recensement).*\.xlsx$/.test(name))
    .map((name) => ({
      role: roleOf(name),
      name,
      bytes: readFileSync(new URL(encodeURIComponent(name), DATA)),
    }));
}
