// A process in a copy of the tree: runs a pipeline over a folder, and asks each of its services, with all grants and without each.
// Called as `serving-process.ts <pipeline> <folder> <data>`; the last line of its output is a `Served`.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createDisplay } from '../../cli/display.ts';
import { bringFiles, LOCAL_PROJECT, localStack, openMesh } from '../../cli/local-mesh.ts';
import { tickUntilIdle, type WatchedMesh } from '../../cli/idle.ts';
import { plannedResources } from '../../cli/planned.ts';
import type { PlannedResource } from '../../infra/plan.ts';
import type { Grant } from '../../local/iam/iam.ts';
import { grantOf } from '../../local/iam/provision.ts';
import { permissionsOf } from '../../local/iam/roles.ts';
import { exportsBucketOf, resultsBucketOf, runsBucketOf } from '../../shared/deployment.ts';
import { messageOf } from '../../shared/errors.ts';
import { gcsStore } from '../../shared/google/storage.ts';
import { loadPipelines, pipelineNamed } from '../../shared/pipelines/registry.ts';
import { CALLERS, functionOf } from '../../shared/pipelines/services.ts';
import { variableOf } from '../../shared/pipelines/setting.ts';
import { bearerOf } from '../mesh/invokers.ts';
import { until } from '../waiting.ts';

type Answers = Readonly<Record<string, string>>;

export interface Served {
  /** What each service answered before there was a model, after the first run, and after the second. */
  readonly answers: readonly Answers[];
  /** The newest run after each of the two. */
  readonly runs: readonly (string | null)[];
  /** For each service, the refusal of a call without each of its grants. */
  readonly without: Readonly<Record<string, Answers>>;
  /** What a service is answered that lists the exports of another pipeline, and all; and how many it finds of its own. */
  readonly elsewhere: Answers;
  readonly own: number;
}

const CALLER = 'caller@example.org';
const UNAUTHORIZED = 'other@example.org';
const OTHER = 'maps/';
const MOST_OBJECTS = 1000;

const [name = '', folder = '', data = ''] = process.argv.slice(2);
const pipeline = pipelineNamed(loadPipelines(), name);
const services = (pipeline.services ?? []).map((service) => functionOf(pipeline, service));
// As .env would say it.
const env = { [variableOf(name, CALLERS)]: `user:${CALLER}` };
const lines: string[] = [];

const cloud = await openMesh(
  { data, drive: folder },
  { pipeline: name, env, onLog: ({ from, text }) => lines.push(`${from}: ${text}`) },
);
Object.assign(process.env, {
  GCE_METADATA_HOST: new URL(cloud.endpoint).host,
  METADATA_SERVER_DETECTION: 'assume-present',
});
const google = { GOOGLE_CLOUD_PROJECT: LOCAL_PROJECT, GOOGLE_API_ENDPOINT: cloud.endpoint };
const mesh: WatchedMesh = {
  cloud,
  pipeline,
  runs: gcsStore(runsBucketOf(LOCAL_PROJECT), google),
  results: gcsStore(resultsBucketOf(LOCAL_PROJECT), google),
  display: createDisplay(process.stderr),
  signal: new AbortController().signal,
};
try {
  process.stdout.write(`${JSON.stringify(await serve())}\n`);
} finally {
  await cloud.close();
}

async function serve(): Promise<Served> {
  const answers = [await askAll()];
  const runs = [await run()];
  answers.push(await askAll());
  const plan = await plannedResources(localStack(name, env), cloud.functionUrl);
  const without: Record<string, Answers> = {};
  for (const service of services) {
    const refusals: Record<string, string> = {};
    for (const [key, grant] of grantsFor(service, plan)) refusals[key] = await askWithout(grant, service);
    without[service] = refusals;
  }
  writeFileSync(join(folder, 'more.nc'), 'more');
  runs.push(await run());
  answers.push(await askAll());
  return { answers, runs, without, ...(await listed(services[0] ?? '')) };
}

function accountOf(service: string): string {
  return `sluice-${service}@${LOCAL_PROJECT}.iam.gserviceaccount.com`;
}

/** What the program grants to the service, and on it. */
function grantsFor(service: string, plan: readonly PlannedResource[]): [name: string, Grant][] {
  return plan.flatMap((resource): [string, Grant][] => {
    const grant = grantOf(resource, cloud);
    if (grant === undefined) return [];
    const isOwn = grant.member === `serviceAccount:${accountOf(service)}`;
    return isOwn || grant.resource.endsWith(`/${service}`) ? [[resource.name, grant]] : [];
  });
}

async function run(): Promise<string | null> {
  await bringFiles(cloud, name, folder);
  const report = await tickUntilIdle(mesh);
  assert.equal(report.outcome, 'published', report.reason);
  return report.run;
}

async function askAll(): Promise<Answers> {
  const answers: Record<string, string> = {};
  for (const service of services) {
    answers[service] = await ask(service, CALLER);
    assert.match(await ask(service, UNAUTHORIZED), /^403 /);
  }
  return answers;
}

async function ask(service: string, email: string): Promise<string> {
  const url = cloud.functionUrl(service);
  const answer = await fetch(url, { headers: { authorization: await bearerOf({ cloud }, email, url) } });
  return `${answer.status} ${await answer.text()}`;
}

/** The refusal of a call without the grant: in the answer, in the service's log, or at its front end. */
async function askWithout(grant: Grant, service: string): Promise<string> {
  const since = lines.length;
  const permissions = [...(permissionsOf(grant.role) ?? [])];
  const email = grant.member.slice(grant.member.indexOf(':') + 1);
  assert.ok(cloud.iam.revoke(grant));
  try {
    const answer = await ask(service, CALLER);
    return await until(`a refusal of ${email}, which lacks ${grant.role}`, () =>
      [answer, ...lines.slice(since)].find((line) =>
        permissions.some((permission) => line.includes(permission) && /does not have|denied/i.test(line)),
      ),
    );
  } finally {
    cloud.iam.grant(grant);
  }
}

/** Lists the exports as the service: those of its pipeline, of another, and all. */
async function listed(service: string): Promise<Pick<Served, 'elsewhere' | 'own'>> {
  const { GOOGLE_API_ENDPOINT = '' } = await cloud.envOf(accountOf(service));
  const exports = gcsStore(exportsBucketOf(LOCAL_PROJECT), { ...google, GOOGLE_API_ENDPOINT });
  const elsewhere: Record<string, string> = {};
  for (const prefix of [OTHER, ''])
    elsewhere[prefix] = await exports
      .list(prefix, MOST_OBJECTS)
      .then((found) => `found ${found.length}`, messageOf);
  return { own: (await exports.list(`${name}/`, MOST_OBJECTS)).length, elsewhere };
}
