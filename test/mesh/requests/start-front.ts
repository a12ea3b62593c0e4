// Both functions of the requests API on the local cloud, under identities that have no more than their declared rights.
import { fileURLToPath } from 'node:url';
import type { FunctionSpec } from '../../../local/functions/functions.ts';
import type { Tokens } from '../../../local/iam/tokens.ts';
import { startMesh, PROJECT, type WatchedMesh } from '../../ports/cloud.ts';

const BUCKETS = ['runs', 'requests', 'results', 'audit'] as const;
const VIEWER = 'roles/storage.objectViewer';
const ADDER = `projects/${PROJECT}/roles/adder`;
const CHANGER = `projects/${PROJECT}/roles/changer`;
const ERASER = `projects/${PROJECT}/roles/eraser`;
export const AUDIENCE = 'sluice-requests';
/** The project of the users of Identity Platform. */
export const PEOPLE = 'people';
const CALLERS = 'ada@example.com,bob@example.com,domain:example.org,tenant:blue,carol@elsewhere.example';

export interface Front extends WatchedMesh {
  readonly accept: string;
  readonly read: string;
  readonly lines: readonly string[];
  token(email: string, audience?: string): Promise<string>;
  readonly tokens: Tokens;
}

export async function startFront(): Promise<Front> {
  const lines: string[] = [];
  const mesh = await startMesh(undefined, (text) => lines.push(text));
  try {
    return await frontOver(mesh, lines);
  } catch (error) {
    await mesh.close();
    throw error;
  }
}

async function frontOver(mesh: WatchedMesh, lines: readonly string[]): Promise<Front> {
  const { cloud } = mesh;
  for (const name of BUCKETS) cloud.storage.ensureBucket({ name, location: 'EU', projectId: PROJECT });
  cloud.pubsub.ensureTopic({ name: `projects/${PROJECT}/topics/run-requested` });
  cloud.iam.ensureRole(ADDER, ['storage.objects.create', 'storage.objects.get', 'storage.objects.list']);
  cloud.iam.ensureRole(CHANGER, ['storage.objects.delete']);
  cloud.iam.ensureRole(ERASER, ['storage.objects.create', 'storage.objects.delete', 'storage.objects.list']);
  for (const name of ['accept', 'read'] as const) declare(name, mesh);
  grantAccepting(mesh);
  for (const bucket of ['runs', 'requests', 'results'] as const)
    grant(mesh, 'read', VIEWER, bucketOf(bucket));
  const self = `projects/${PROJECT}/serviceAccounts/${accountOf('read')}`;
  grant(mesh, 'read', 'roles/iam.serviceAccountTokenCreator', self);
  await cloud.start();
  return {
    ...mesh,
    lines,
    accept: cloud.functionUrl('accept-requests'),
    read: cloud.functionUrl('read-requests'),
    token: (email, audience = AUDIENCE) => cloud.metadata.mintIdToken(email, audience),
    tokens: cloud.metadata,
  };
}

const accountOf = (name: string): string => `${name}@${PROJECT}.iam.gserviceaccount.com`;
const bucketOf = (name: string): string => `projects/_/buckets/${name}`;

function grant({ cloud }: WatchedMesh, name: string, role: string, resource: string, condition = ''): void {
  const member = `serviceAccount:${accountOf(name)}`;
  cloud.iam.grant({ role, member, resource, ...(condition === '' ? {} : { condition }) });
}

function grantAccepting(mesh: WatchedMesh): void {
  for (const bucket of ['runs', 'requests', 'audit'] as const) grant(mesh, 'accept', ADDER, bucketOf(bucket));
  for (const folder of ['queue', 'content'])
    grant(
      mesh,
      'accept',
      CHANGER,
      bucketOf('requests'),
      `resource.name.startsWith("projects/_/buckets/requests/objects/${folder}/")`,
    );
  grant(
    mesh,
    'accept',
    ERASER,
    bucketOf('results'),
    'resource.name.startsWith("projects/_/buckets/results/objects/sample/") || ' +
      'api.getAttribute("storage.googleapis.com/objectListPrefix", "").startsWith("sample/")',
  );
  grant(mesh, 'accept', 'roles/pubsub.publisher', `projects/${PROJECT}/topics/run-requested`);
}

function declare(name: 'accept' | 'read', { cloud }: WatchedMesh): void {
  cloud.iam.ensureServiceAccount(accountOf(name));
  const full = `${name}-requests`;
  const spec: FunctionSpec = {
    name: full,
    sourceFile: fileURLToPath(new URL(`./${name}-function.ts`, import.meta.url)),
    entryPoint: full,
    env: {
      GOOGLE_CLOUD_PROJECT: PROJECT,
      PIPELINES: 'sample',
      ...{
        RUNS_BUCKET: 'runs',
        REQUESTS_BUCKET: 'requests',
        RESULTS_BUCKET: 'results',
        AUDIT_BUCKET: 'audit',
      },
      ...{ RUN_REQUESTED_TOPIC: 'run-requested', API_AUDIENCES: AUDIENCE, CORS_ORIGINS: '' },
      ...{ IDENTITY_PLATFORM_PROJECT: PEOPLE, SAMPLE_CALLERS: CALLERS },
      SAMPLE_APPROVERS: '',
    },
    serviceAccountEmail: accountOf(name),
    timeoutSeconds: 60,
    size: { memory: '512Mi', cpu: '1', concurrency: 80, minInstances: 0, maxInstances: 10 },
    url: cloud.functionUrl(full),
    isUnchecked: true,
  };
  cloud.functions.ensureFunction(spec);
}
