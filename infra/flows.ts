// The nodes of a plan and what passes between them: from resources, grants and the definitions of pipelines.
import { isOpen } from '../shared/functions/declaration.ts';
import type { DeployedFunctions } from '../shared/functions/services.ts';
import type { DescribedEdge, DescribedNode, Flow, NodeKind } from '../shared/functions/described.ts';
import { jobNameOf, watchesOf, type Pipeline } from '../shared/pipelines/pipeline.ts';
import { LEDGER } from '../shared/warehouse/ledger.ts';
import { grantRow, isGrant, type GrantRow } from './grant-rows.ts';
import type { PlannedResource } from './plan.ts';
import { SAMPLE_PEOPLE, SAMPLE_PROJECT, samplePlace } from './sample-stack.ts';

export type Node = Omit<DescribedNode, 'pipelines'>;
export type Edge = Omit<DescribedEdge, 'pipelines'>;

type Plan = readonly PlannedResource[];

const textIn = ({ inputs }: PlannedResource, key: string): string => String(inputs[key]);
const withoutProject = (text: string): string => text.replace(`${SAMPLE_PROJECT}-sluice-`, '');
export const idOf = (kind: NodeKind, name: string): string => `${kind} ${name}`;

const OUTSIDE = {
  people: 'People who open the console in a browser, signed in by Identity-Aware Proxy',
  operators: 'Operators, who send commands from a terminal',
  callers: 'People and programs that request runs over HTTP',
  'service callers': 'Those who ask the services of a pipeline',
} as const;

const node = (kind: NodeKind, name: string, purpose: string, folder: string | null = null): Node => ({
  ...{ id: idOf(kind, name), kind, name, purpose, folder },
});

const DEAD_LETTERS = /-dead-letter$/;
const STAGING = /_staging$/;

export function nodesOf(plan: Plan, pipelines: readonly Pipeline[], functions: DeployedFunctions) {
  const named = (type: string, key = 'name') =>
    plan.filter((each) => each.type === type).map((each) => withoutProject(textIn(each, key)));
  const purposeOf = new Map(pipelines.map((pipeline) => [jobNameOf(pipeline), pipeline]));
  return [
    ...Object.entries(OUTSIDE).map(([name, purpose]) => node('outside', name, purpose)),
    ...watchesOf(pipelines).map(({ name, trigger: { source } }) =>
      node(
        'source',
        name,
        `${source.kind === 'bucket' ? 'A bucket' : 'A Drive folder'} that ${name} watches`,
      ),
    ),
    node('schedule', 'Cloud Scheduler', 'Fires the polls of each pipeline and the sweep'),
    ...[...functions.values()].map(({ name, purpose, source }) =>
      node('function', name, purpose, `functions/${source}`),
    ),
    ...named('gcp:pubsub/topic:Topic')
      .filter((name) => !DEAD_LETTERS.test(name))
      .map((name) => node('topic', name, 'A topic of Pub/Sub, with dead letters for each subscription')),
    ...named('gcp:cloudrunv2/job:Job').map((name) => {
      const pipeline = purposeOf.get(name);
      return node('job', name, `Runs the job of ${pipeline?.name}`, `jobs/${pipeline?.job.image}`);
    }),
    ...named('gcp:storage/bucket:Bucket').map((name) => node('bucket', name, BUCKETS[name] ?? '')),
    ...named('gcp:bigquery/dataset:Dataset', 'datasetId')
      .filter((name) => !STAGING.test(name))
      .map((name) =>
        node('dataset', name, name === LEDGER.dataset ? 'The ledger of publications' : 'Tables of BigQuery'),
      ),
  ];
}

const BUCKETS: Readonly<Record<string, string>> = {
  runs: 'The steps of each run, each written once',
  results: 'What jobs write',
  exports: 'Published files and models, behind their pointers',
  requests: 'What people and programs have asked for',
  audit: 'Each command and request, with its author',
  'training-cache': 'What forecasts have trained',
  source: 'The sources of the functions, from which Google builds them',
};

/** How a role on a thing moves something: from the identity to the thing, or from the thing to the identity. */
const BY_ROLE: Readonly<Record<string, readonly [Flow, 'to' | 'from']>> = {
  'pubsub.publisher': ['publishes', 'to'],
  'run.invoker': ['calls', 'to'],
  'iap.httpsResourceAccessor': ['calls', 'to'],
  'storage.objectViewer': ['reads', 'from'],
  sluiceBucketWatcher: ['reads', 'from'],
  sluiceObjectAdder: ['writes', 'to'],
  sluiceStateWriter: ['writes', 'to'],
  sluiceObjectRetirer: ['writes', 'to'],
  sluiceObjectEraser: ['writes', 'to'],
  sluiceExecutionStarter: ['starts', 'to'],
  sluiceExecutionOperator: ['operates', 'to'],
  sluiceRowPublisher: ['writes', 'to'],
  sluiceTableStager: ['writes', 'to'],
  'bigquery.dataViewer': ['reads', 'from'],
};

export function edgesOf(plan: Plan, pipelines: readonly Pipeline[], functions: DeployedFunctions) {
  const nodes = new Set(nodesOf(plan, pipelines, functions).map(({ id }) => id));
  const rows = plan.filter(isGrant).map((member) => grantRow(member, SAMPLE_PROJECT, SAMPLE_PEOPLE));
  const all = [
    ...watchesOf(pipelines).flatMap(({ name }) => watched(name)),
    ...rows.flatMap((row) => edgeOf(row, pipelines)),
    ...plan.flatMap(messageEdges),
    ...[...functions.values()]
      .filter(isOpen)
      .map(({ name }): Edge => calls(idOf('outside', 'callers'), name)),
    ...pipelines.map((each): Edge => finishes(jobNameOf(each))),
  ];
  return unique(all.filter(({ from, to }) => nodes.has(from) && nodes.has(to)));
}

const calls = (from: string, name: string): Edge => ({ from, to: idOf('function', name), flow: 'calls' });

/** A Drive folder is shared by a person, so no grant of the program says who reads it. */
const watched = (pipeline: string): readonly Edge[] =>
  (['detect-changes', 'start-run'] as const).map((name) => ({
    from: idOf('source', pipeline),
    to: idOf('function', name),
    flow: name === 'detect-changes' ? 'watches' : 'reads',
  }));

/** Cloud Logging announces the end of each execution. */
const finishes = (job: string): Edge => ({
  from: idOf('job', job),
  to: idOf('topic', 'execution-finished'),
  flow: 'notifies',
});

function edgeOf({ identity, role, on }: GrantRow, pipelines: readonly Pipeline[]): readonly Edge[] {
  const found = BY_ROLE[role];
  const holder = holderOf(identity, pipelines);
  if (found === undefined || holder === undefined) return [];
  const [flow, direction] = found;
  const thing = thingNode(on, pipelines);
  // Said by `watched`, for Drive folders as well.
  if (thing.startsWith('source ')) return [];
  return direction === 'to' ? [{ from: holder, to: thing, flow }] : [{ from: thing, to: holder, flow }];
}

const PEOPLE: Readonly<Record<string, string>> = {
  "the console's people": idOf('outside', 'people'),
  "the stack's operators": idOf('outside', 'operators'),
  "the services' callers": idOf('outside', 'service callers'),
};

/** Undefined for agents of Google and for identities that only carry what another one does. */
function holderOf(identity: string, pipelines: readonly Pipeline[]): string | undefined {
  const job = pipelines.find(({ name }) => identity === `sluice-${name}-job`);
  if (job !== undefined) return idOf('job', jobNameOf(job));
  return (
    PEOPLE[identity] ?? (identity.startsWith('sluice-') ? idOf('function', identity.slice(7)) : undefined)
  );
}

/** A staging dataset is shown as the dataset that it stages for, and a watched bucket as the source. */
function thingNode(on: string, pipelines: readonly Pipeline[]): string {
  const source = watchesOf(pipelines).find(({ name }) => on === `bucket ${samplePlace(name)}`);
  return source === undefined ? on.replace(/^(dataset .*)_staging$/, '$1') : idOf('source', source.name);
}

/** A push, a schedule, or a notification of Cloud Storage. */
function messageEdges(resource: PlannedResource): readonly Edge[] {
  const { type, inputs } = resource;
  if (type === 'gcp:pubsub/subscription:Subscription') {
    const { pushEndpoint } = (inputs['pushConfig'] ?? {}) as { pushEndpoint?: string };
    if (pushEndpoint === undefined) return [];
    const topic = idOf('topic', textIn(resource, 'topic').split('/').at(-1) ?? '');
    return [{ from: topic, to: idOf('function', functionIn(pushEndpoint)), flow: 'delivers' }];
  }
  if (type === 'gcp:cloudscheduler/job:Job') {
    const { uri } = inputs['httpTarget'] as { uri: string };
    return [calls(idOf('schedule', 'Cloud Scheduler'), functionIn(uri))];
  }
  if (type !== 'gcp:storage/notification:Notification') return [];
  const bucket = withoutProject(textIn(resource, 'bucket'));
  const source = /^source-of-(.+)$/.exec(bucket)?.[1];
  const from = source === undefined ? idOf('bucket', bucket) : idOf('source', source);
  return [{ from, to: idOf('topic', textIn(resource, 'topic').split('/').at(-1) ?? ''), flow: 'notifies' }];
}

/** The addresses of the plan are `https://<function>.function.invalid`. */
export const addressOf = (name: string): string => `https://${name}.function.invalid`;
const functionIn = (address: string): string => new URL(address).hostname.split('.')[0] ?? '';

const unique = (edges: readonly Edge[]): readonly Edge[] => [
  ...new Map(edges.map((edge) => [`${edge.from}|${edge.flow}|${edge.to}`, edge])).values(),
];
