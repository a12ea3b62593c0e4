// Secrets: a pipeline takes one by reference alone, no value stands in the plan or the tree, and a planted one is found.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { planResources, type PlannedResource } from '../../infra/plan.ts';
import { provision } from '../../local/provision/provision.ts';
import { carmila } from '../../pipelines/carmila.ts';
import type { Pipeline } from '../../shared/pipelines/pipeline.ts';
import { fromEnv, secret } from '../../shared/pipelines/setting.ts';
import { startMesh } from '../ports/cloud.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'secrets-'));
copyFileSync(`${ROOT}.secretlintrc.json`, join(folder, '.secretlintrc.json'));
after(() => rmSync(folder, { recursive: true }));

/** Writes the files, and asks the scanner that CI asks, with its rules, about them alone. */
function scan(files: Readonly<Record<string, string>>): { status: number | null; stdout: string } {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const scanner = join(ROOT, 'node_modules/secretlint/bin/secretlint.js');
  const words = ['--maskSecrets', '--format', 'unix', ...Object.keys(files)];
  return spawnSync(process.execPath, [scanner, ...words], { cwd: folder, encoding: 'utf8' });
}

const planned = (pipelines: readonly Pipeline[]) =>
  planResources({
    config: { 'gcp:project': 'contract', 'carmila:driveFolderId': 'folder' },
    functionUrl: (name) => `https://${name}-example.a.run.app`,
    pipelines,
  });

const jobOf = (plan: readonly PlannedResource[]) =>
  JSON.stringify(plan.find(({ type }) => type === 'gcp:cloudrunv2/job:Job')?.inputs);

describe('a pipeline that needs a secret', () => {
  const secrets = { WEATHER_API_KEY: secret('weather-api-key'), OTHER_KEY: secret('other', '3') };
  const needy = { ...carmila, job: { ...carmila.job, secrets } };

  test('takes it by reference: its name and version, and no value', async () => {
    const job = jobOf(await planned([needy]));
    const reference = '{"secretKeyRef":{"secret":"weather-api-key","version":"latest"}}';
    assert.ok(job.includes(`{"name":"WEATHER_API_KEY","valueSource":${reference}}`), job);
    assert.ok(job.includes('{"secret":"other","version":"3"}'), job);
  });

  test('may read it, and no other identity may', async () => {
    const members = (await planned([needy])).filter(({ type }) => type.includes('secretmanager'));
    assert.deepEqual(
      members.map(({ inputs }) => inputs),
      ['weather-api-key', 'other'].map((secretId) => ({
        member: 'serviceAccount:sluice-carmila-job@contract.iam.gserviceaccount.com',
        project: 'contract',
        role: 'roles/secretmanager.secretAccessor',
        secretId,
      })),
    );
  });

  test('may be named by a setting; a stack that leaves it empty has no variable and no right', async () => {
    const named = { ...carmila, job: { ...carmila.job, secrets: { API_KEY: fromEnv('API_SECRET', '') } } };
    const without = JSON.stringify(await planned([named]));
    assert.doesNotMatch(without, /secretmanager|API_KEY/);
    const asked = { ...named.job, secrets: { API_KEY: fromEnv('API_SECRET', 'weather-api-key') } };
    const plan = await planned([{ ...named, job: asked }]);
    assert.equal(plan.filter(({ type }) => type.includes('secretmanager')).length, 1);
    assert.match(JSON.stringify(plan), /"secretKeyRef":\{"secret":"weather-api-key","version":"latest"\}/);
    const wrong = { ...named.job, secrets: { API_KEY: fromEnv('API_SECRET', 'projects/x/secrets/y') } };
    await assert.rejects(
      planned([{ ...named, job: wrong }]),
      /carmila:apiSecret: found "projects\/x\/secrets\/y"/,
    );
  });

  test('is refused by the local cloud, which has no Secret Manager, by name', async () => {
    const mesh = await startMesh(() => ({ command: [process.execPath], cwd: ROOT, variables: [] }));
    try {
      const plan = await planned([needy]);
      await assert.rejects(
        provision(plan, { cloud: mesh.cloud, sourceRoot: ROOT }),
        /does not know how to create carmila-forecast-reads-weather-api-key \(gcp:secretmanager/,
      );
    } finally {
      await mesh.close();
    }
  });
});

describe('the mesh as it is deployed', () => {
  test('has no secret: nothing to keep, and nothing that looks like one', async () => {
    const plan = await planned([carmila]);
    assert.deepEqual(
      plan.filter(({ type }) => type.includes('secretmanager')),
      [],
    );
    const variables = plan.flatMap(({ inputs }) => variablesIn(inputs));
    assert.ok(variables.length > 30, String(variables.length));
    const named = variables.filter((name) => /SECRET|TOKEN|PASSWORD|CREDENTIAL|(^|_)KEY($|_)/.test(name));
    assert.deepEqual(named, []);
    const { status, stdout } = scan({ 'plan.json': JSON.stringify(plan, undefined, 1) });
    assert.equal(status, 0, stdout);
  });
});

/** The names of every environment variable, of functions and jobs alike. */
function variablesIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) => {
    if (key === 'environmentVariables') return Object.keys(inner as object);
    if (key === 'envs') return (inner as { name: string }[]).map(({ name }) => name);
    return variablesIn(inner);
  });
}

describe('the scanner that CI runs', () => {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const hex = (bytes: number) => randomBytes(bytes).toString('hex');
  // Made here and now, in parts: the tree holds nothing that looks like a key.
  const PLANTED: Readonly<Record<string, string>> = {
    'key.pem': privateKey,
    'account.json': JSON.stringify({
      type: 'service_account',
      private_key_id: hex(20),
      private_key: privateKey,
    }),
    'api-key.ts': `const key = '${'AI' + 'za'}${hex(18).slice(0, 35)}';`,
    'oauth.ts': `const secret = '${'GOC' + 'SPX'}-${hex(14)}';`,
    'access.sh': `curl -H 'Authorization: Bearer ${'ya' + '29'}.${hex(40)}'`,
    'pulumi.yaml': `token: ${'pu' + 'l'}-${hex(20)}`,
    'github.txt': `${'gh' + 'p'}_${hex(18)}`,
  };

  test('finds each kind of key, and keeps it to itself', () => {
    for (const [file, text] of Object.entries(PLANTED)) {
      const { status, stdout } = scan({ [file]: text });
      assert.equal(status, 1, `${file}: ${stdout}`);
      assert.match(stdout, new RegExp(file));
      const kept = /[0-9a-f]{28,}/.exec(text)?.[0];
      if (kept !== undefined) assert.ok(!stdout.includes(kept), stdout);
    }
  });

  test('says nothing of a file that holds none', () => {
    assert.equal(scan({ 'plain.ts': `export const name = 'carmila';\n` }).status, 0);
  });

  test('is among the checks of npm test, over every file of the tree', () => {
    const { scripts } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')) as {
      scripts: Record<string, string>;
    };
    assert.equal(scripts['check:secrets'], 'secretlint --maskSecrets "**/*"');
    assert.match(scripts.test ?? '', /npm run check:secrets/);
    const ignored = readFileSync(`${ROOT}.secretlintignore`, 'utf8').trim().split('\n');
    assert.deepEqual(ignored, ['node_modules', '.git', '.sluice']);
  });
});
