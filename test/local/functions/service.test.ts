// A Cloud Run service of the infra program: it runs a function's source, and is called as a function is.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { provision } from '../../../local/provision/provision.ts';
import type { Resource } from '../../../local/service.ts';
import { startMesh, PROJECT, REGION, type WatchedMesh } from '../../ports/cloud.ts';

const SOURCE_ROOT = fileURLToPath(new URL('.', import.meta.url));
const TYPE = 'gcp:cloudrunv2/service:Service';
const EMAIL = `sample@${PROJECT}.iam.gserviceaccount.com`;
const CALLER = `caller@${PROJECT}.iam.gserviceaccount.com`;

const CONTAINER = {
  image: 'scratch',
  baseImageUri: `${REGION}-docker.pkg.dev/serverless-runtimes/google-24-full/runtimes/nodejs24`,
  commands: ['node'],
  args: ['framework/start.cjs'],
  sourceCode: { cloudStorageSource: { bucket: 'sources', object: 'sample-service' } },
  resources: { limits: { cpu: '1', memory: '512Mi' }, cpuIdle: true },
  envs: [
    { name: 'FUNCTION_TARGET', value: 'sample' },
    { name: 'SAMPLE', value: 'yes' },
  ],
};
const TEMPLATE = {
  serviceAccount: EMAIL,
  timeout: '540s',
  maxInstanceRequestConcurrency: 8,
  scaling: { minInstanceCount: 0, maxInstanceCount: 5 },
  containers: [CONTAINER],
};

const service = (over: object = {}, template: object = {}, container: object = {}): Resource => ({
  type: TYPE,
  name: 'sample',
  inputs: {
    name: 'sample',
    location: REGION,
    launchStage: 'BETA',
    deletionProtection: false,
    ingress: 'INGRESS_TRAFFIC_ALL',
    template: { ...TEMPLATE, containers: [{ ...CONTAINER, ...container }], ...template },
    ...over,
  },
});

const account = (accountId: string): Resource => ({
  type: 'gcp:serviceaccount/account:Account',
  name: accountId,
  inputs: { accountId },
});
const INVOKER: Resource = {
  type: 'gcp:cloudrunv2/serviceIamMember:ServiceIamMember',
  name: 'sample-invoker',
  inputs: { name: 'sample', location: REGION, role: 'roles/run.invoker', member: `serviceAccount:${CALLER}` },
};
const ACCOUNTS = [account('sample'), account('caller')];

let mesh: WatchedMesh;
before(async () => {
  mesh = await startMesh();
});
after(() => mesh.close());

const provisioned = (...resources: readonly Resource[]) =>
  provision([...ACCOUNTS, ...resources], { cloud: mesh.cloud, sourceRoot: SOURCE_ROOT });

async function call(path: string): Promise<Response> {
  const url = mesh.cloud.functionUrl('sample');
  const { GOOGLE_API_ENDPOINT: endpoint } = await mesh.cloud.envOf(CALLER);
  const identity = `${endpoint}/computeMetadata/v1/instance/service-accounts/default/identity?audience=${url}`;
  const token = await (await fetch(identity, { headers: { 'metadata-flavor': 'Google' } })).text();
  return fetch(`${url}${path}`, { headers: { authorization: `Bearer ${token}` } });
}

test('serves the function of its source under its identity, to its invokers alone', async () => {
  await provisioned(service());
  assert.equal((await call('/env')).status, 403);
  await provisioned(service(), INVOKER);
  const { env } = (await (await call('/env')).json()) as { env: Record<string, string> };
  assert.equal(env['SAMPLE'], 'yes');
  assert.equal(env['K_SERVICE'], 'sample');
  const { GOOGLE_API_ENDPOINT: endpoint } = await mesh.cloud.envOf(EMAIL);
  assert.equal(env['GOOGLE_API_ENDPOINT'], endpoint);
});

test('with internal ingress it is not there from outside', async () => {
  await provisioned(service({ ingress: 'INGRESS_TRAFFIC_INTERNAL_ONLY' }), INVOKER);
  assert.equal((await call('/env')).status, 404);
});

test('takes the defaults of Cloud Run', async () => {
  const { serviceAccount, containers } = TEMPLATE;
  await provisioned(service({ template: { serviceAccount, containers } }));
});

const REFUSED: readonly (readonly [what: string, resource: Resource, why: RegExp])[] = [
  [
    'an input that is not known',
    service({ invokerBindings: 'none' }),
    /does not know the input invokerBindings of sample/,
  ],
  ['a volume', service({}, { volumes: [{ name: 'v' }] }), /does not know the input template\.volumes/],
  [
    'a port of its own',
    service({}, {}, { ports: { containerPort: 8080 } }),
    /template\.containers\[0\]\.ports of sample/,
  ],
  [
    'a secret in a variable',
    service({}, {}, { envs: [{ name: 'A', valueSource: { secretKeyRef: { secret: 's' } } }] }),
    /containers\[0\]\.envs\[0\]\.valueSource/,
  ],
  ['an image', service({}, {}, { image: 'gcr.io/p/i' }), /containers\[0\]\.image .*expected "scratch"/],
  [
    'another runtime',
    service({}, {}, { baseImageUri: 'x/runtimes/nodejs18' }),
    /base image .*expected one of nodejs2\d/,
  ],
  [
    'another command',
    service({}, {}, { args: ['server.js'] }),
    /args\[0\] .*expected "framework\/start\.cjs"/,
  ],
  ['no command', service({}, {}, { args: [] }), /takes one of the args of the service sample, found 0/],
  [
    'two containers',
    service({}, { containers: [CONTAINER, CONTAINER] }),
    /containers of the service sample, found 2/,
  ],
  ['no target', service({}, {}, { envs: [] }), /no variable FUNCTION_TARGET/],
  [
    'concurrency below one vCPU',
    service({}, {}, { resources: { limits: { cpu: '0.333', memory: '512Mi' } } }),
    /Total cpu < 1 is not supported with concurrency > 1/,
  ],
  [
    'memory that does not go with its vCPUs',
    service({}, {}, { resources: { limits: { cpu: '4', memory: '1Gi' } } }),
    /memory "1Gi" does not go with cpu "4"; expected 2Gi to 16Gi/,
  ],
  ['a timeout of over an hour', service({}, { timeout: '3601s' }), /invalid timeout of 3601 s/],
  ['a timeout in minutes', service({}, { timeout: '5m' }), /the timeout 5m is not in seconds/],
];
for (const [what, resource, why] of REFUSED) {
  test(`refuses ${what} by name`, async () => {
    await assert.rejects(provisioned(resource), why);
  });
}
