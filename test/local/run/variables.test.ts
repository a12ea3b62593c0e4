// A request starts a job's program and no other: what decides what a process loads or runs is not a request's to set.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { systemClock } from '../../../local/clock.ts';
import { createApi, OPERATOR, type Api } from '../../../local/http/api.ts';
import { allowAll } from '../../../local/iam/authorize.ts';
import { randomIds } from '../../../local/ids.ts';
import { RunJobs } from '../../../local/run/jobs.ts';
import { runRoutes } from '../../../local/run/routes.ts';
import { memoryState } from '../../../local/state/state.ts';
import { send } from '../http/wire.ts';
import { until } from '../../waiting.ts';
import { imagesIn } from './image.ts';

const REGION = 'projects/p/locations/europe-west1';
const JOB = `${REGION}/jobs/sample`;

let folder: string;
let api: Api;
let jobs: RunJobs;
let port: number;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'run-variables-'));
  api = createApi();
  jobs = new RunJobs({
    state: memoryState(),
    clock: systemClock,
    newId: randomIds,
    envOf: async () => ({}),
    images: await imagesIn(folder),
    logFolder: join(folder, 'logs'),
  });
  runRoutes(api.app, jobs, allowAll);
  port = await api.listenAs(OPERATOR);
  jobs.ensureJob({
    name: JOB,
    image: 'sample',
    // The infra program may set what it likes: it is code of this tree, as the job is.
    env: { FOLDER: folder, NODE_OPTIONS: '--no-warnings' },
    serviceAccountEmail: 'sample@p.iam.gserviceaccount.com',
    maxRetries: 0,
    timeoutSeconds: 60,
  });
});
after(async () => {
  await jobs.stop();
  await api.close();
  await rm(folder, { recursive: true, force: true });
});

const post = (path: string, body: object) =>
  send({
    port,
    method: 'POST',
    path,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

const overriding = (env: Record<string, string>) => ({
  overrides: {
    containerOverrides: [{ env: Object.entries(env).map(([name, value]) => ({ name, value })) }],
  },
});

const NAMES = [
  ...['NODE_OPTIONS', 'NODE_PATH', 'NODE_EXTRA_CA_CERTS', 'NODE_COMPILE_CACHE'],
  ...['LD_PRELOAD', 'LD_LIBRARY_PATH', 'LD_AUDIT', 'DYLD_INSERT_LIBRARIES', 'GCONV_PATH', 'GLIBC_TUNABLES'],
  ...['PATH', 'HOME', 'TMPDIR', 'SHELL', 'IFS', 'BASH_ENV', 'ENV', 'PYTHONPATH', 'PERL5OPT', 'RUBYOPT'],
  ...['OPENSSL_CONF', 'SSL_CERT_FILE', 'HTTPS_PROXY', 'GIT_SSH_COMMAND', 'XGBOOST_LIBRARY', 'FOLDER'],
  ...['GOOGLE_API_ENDPOINT', 'GCE_METADATA_HOST', 'LOCAL_RUN_EXECUTION_UID', 'node_options', '__proto__'],
];

for (const name of NAMES) {
  test(`${name} is refused by name, and nothing is started`, async () => {
    const before = jobs.executions().length;
    const v1 = '/apis/run.googleapis.com/v1/namespaces/p/jobs/sample:run';
    for (const path of [`/v2/${JOB}:run`, v1]) {
      const refused = await post(path, overriding({ RUN_ID: 'r1', [name]: 'anything' }));
      assert.equal(refused.status, 501, refused.text);
      assert.match(refused.text, new RegExp(`the variable ${name} in a request`));
    }
    const template = { containers: [{ image: 'sample', env: [{ name, value: 'anything' }] }] };
    const created = await post(`/v2/${REGION}/jobs?jobId=another`, { template: { template } });
    assert.equal(created.status, 501, created.text);
    assert.equal(jobs.executions().length, before);
    assert.equal(jobs.jobs(REGION, 0).items.length, 1);
  });
}

test('no code of a request runs; what the image names is set', async () => {
  const verification = join(folder, 'evidence');
  const code = `import { writeFileSync } from 'node:fs'; writeFileSync(${JSON.stringify(verification)}, '')`;
  const options = `--import=data:text/javascript,${encodeURIComponent(code)}`;
  assert.equal((await post(`/v2/${JOB}:run`, overriding({ NODE_OPTIONS: options }))).status, 501);
  assert.equal((await post(`/v2/${JOB}:run`, overriding({ RUN_ID: 'r1', MODE: 'env' }))).status, 200);
  const states = await until('the execution to end', () => {
    const found = jobs.executions().map(({ state }) => state);
    return found.includes('running') ? undefined : found;
  });
  assert.deepEqual(states, ['succeeded']);
  assert.equal(existsSync(join(folder, 'env.json')), true);
  assert.equal(existsSync(verification), false);
});
