// How people read a grant of the plan: who holds which role on what; as docs/RIGHTS.md lists it.
import type { PlannedResource } from './plan.ts';

export interface GrantRow {
  readonly identity: string;
  readonly role: string;
  readonly on: string;
  readonly only: string | null;
}

export const isGrant = ({ type }: Pick<PlannedResource, 'type'>): boolean => /I(a|A)(m|M)Member$/.test(type);

/** Whom Identity-Aware Proxy lets through to the console. */
const isOfConsole = ({ type }: PlannedResource): boolean => type.startsWith('gcp:iap/');

export interface People {
  /** Members of the stack's settings. */
  readonly operators: readonly string[];
  readonly readers: readonly string[];
  readonly serviceCallers: readonly string[];
}

/** `people` are those of the plan's settings: a row names their role, not them. */
export const grantRow = (member: PlannedResource, project: string, people: People): GrantRow => ({
  identity: identityOf(member, people),
  role: String(member.inputs['role']).replace(/^(roles|projects\/[^/]+\/roles)\//, ''),
  ...thingOf(member, project),
});

const AGENTS: readonly (readonly [RegExp, string])[] = [
  [/@bigquery-encryption\./, "BigQuery's agent"],
  [/@gcp-sa-iap\./, "Identity-Aware Proxy's agent"],
  [/@gcp-sa-logging\./, "Cloud Logging's agent"],
  [/@gcp-sa-pubsub\./, "Pub/Sub's agent"],
  [/@gs-project-accounts\./, "Cloud Storage's agent"],
];

function identityOf(member: PlannedResource, { operators, readers, serviceCallers }: People): string {
  if (isOfConsole(member)) return "the console's people";
  const given = String(member.inputs['member']);
  if (given === 'allUsers') return 'everyone';
  if (operators.includes(given)) return "the stack's operators";
  if (readers.includes(given)) return "the stack's readers";
  if (serviceCallers.includes(given)) return "the services' callers";
  const email = given.replace(/^[a-zA-Z]+:/, '');
  return AGENTS.find(([agent]) => agent.test(email))?.[1] ?? email.split('@')[0] ?? '';
}

const KEYS = {
  bucket: 'bucket',
  topic: 'topic',
  subscription: 'subscription',
  datasetId: 'dataset',
  repository: 'repository',
  secretId: 'secret',
  cloudRunServiceName: 'function',
};

function thingOf({ type, inputs }: PlannedResource, project: string): Pick<GrantRow, 'on' | 'only'> {
  const { title = null } = (inputs['condition'] ?? {}) as { title?: string };
  const on = (text: string) => ({ on: text, only: title });
  for (const [key, word] of Object.entries(KEYS))
    if (key in inputs) return on(`${word} ${String(inputs[key]).replace(`${project}-sluice-`, '')}`);
  if ('serviceAccountId' in inputs)
    return on(`account ${/sluice-[^@]+/.exec(String(inputs['serviceAccountId']))?.[0] ?? ''}`);
  if ('cryptoKeyId' in inputs) return on(`key of ${String(inputs['cryptoKeyId']).split('/')[3]}`);
  if ('project' in inputs) return on('the project');
  return on(`${type.includes('jobIam') ? 'job' : 'function'} ${String(inputs['name'])}`);
}
