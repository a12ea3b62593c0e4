// Who may do what: the program's grants keep to what a review asks for, and docs/RIGHTS.md lists them as they are.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { planResources, type PlannedResource } from '../../infra/plan.ts';
import {
  BIGQUERY_AGENT,
  IAP_AGENT,
  LOGGING_AGENT,
  PUBSUB_AGENT,
  STORAGE_AGENT,
} from '../../local/iam/agents.ts';
import type { FunctionDeclaration } from '../../shared/functions/declaration.ts';
import { loadFunctions } from '../../shared/functions/registry.ts';
import { deployedFunctions } from '../../shared/functions/services.ts';
import { carmila } from '../../pipelines/carmila.ts';
import { model } from '../../shared/pipelines/outputs.ts';
import { stateObject, leaseObject } from '../../shared/runs/names.ts';

const PROJECT = 'contract';
const OPERATORS = ['user:ada@example.org', 'group:night-shift@example.org'];
const READERS = ['group:analysts@example.org'];
const ROLES = `projects/${PROJECT}/roles`;
const ROOT = new URL('../../', import.meta.url);

let plan: readonly PlannedResource[];
before(async () => {
  const config = {
    'gcp:project': PROJECT,
    'carmila:driveFolderId': 'folder',
    'sluice:operators': OPERATORS.join(','),
    'sluice:consoleReaders': READERS.join(','),
    'sluice:consoleOperators': OPERATORS.filter((member) => member.startsWith('user:')).join(','),
  };
  plan = await planResources({ config, functionUrl: (name) => `https://${name}.example` });
});

const isMember = ({ type }: PlannedResource): boolean => /I(a|A)(m|M)Member$/.test(type);
const members = () => plan.filter(isMember);
const textOf = ({ inputs }: PlannedResource, key: string): string => String(inputs[key]);

/** The accounts of the functions whose declarations say so. */
function accountsOf(says: (declaration: FunctionDeclaration) => boolean): readonly string[] {
  return [...deployedFunctions(loadFunctions(), [carmila], true).values()]
    .filter(says)
    .map(({ name }) => `sluice-${name}`);
}

/** What is granted on the whole project, because Google offers nothing smaller, or the condition makes it so. */
const ON_THE_PROJECT = [
  'roles/bigquery.jobUser to ada',
  'roles/bigquery.jobUser to night-shift',
  ...accountsOf(({ rights }) =>
    rights.some(({ kind }) => kind === 'publishes-tables' || kind === 'reads-ledger'),
  ).map((account) => `roles/bigquery.jobUser to ${account}`),
  ...accountsOf(({ rights }) => rights.some(({ kind }) => kind === 'reads-traces')).map(
    (account) => `roles/cloudtrace.user to ${account}`,
  ),
  'roles/logging.logWriter to sluice-build',
  'roles/storage.objectViewer to sluice-build, sources of functions',
  'roles/telemetry.tracesWriter to sluice-carmila-job',
  ...accountsOf(() => true).map((account) => `roles/telemetry.tracesWriter to ${account}`),
].toSorted();

describe('the grants', () => {
  test('hold no basic role and no role of an administrator or owner', () => {
    for (const member of members()) {
      assert.doesNotMatch(
        textOf(member, 'role'),
        /^roles\/(owner|editor|viewer)$|admin|owner|developer/i,
        member.name,
      );
    }
  });

  test('are given on a bucket, dataset, topic, subscription, job or service, but for a short list', () => {
    const wide = plan.filter(({ type }) => type === 'gcp:projects/iAMMember:IAMMember');
    const found = wide.map((member) => {
      const { title } = (member.inputs.condition ?? {}) as { title?: string };
      return `${textOf(member, 'role')} to ${whoOf(member)}${title === undefined ? '' : `, ${title}`}`;
    });
    assert.deepEqual(found.toSorted(), ON_THE_PROJECT);
  });

  test('add to what others have granted, and never replace it', () => {
    const grantsOfAnotherKind = plan.filter((resource) =>
      /I(a|A)(m|M)(Binding|Policy)$|AccessControl|DefaultObjectAcl/.test(resource.type),
    );
    assert.deepEqual(grantsOfAnotherKind, []);
  });

  test('go to identities that the program makes, to the agents of Google, and to the operators of the stack', () => {
    const made = plan
      .filter(({ type }) => type === 'gcp:serviceaccount/account:Account')
      .map((account) => `serviceAccount:${textOf(account, 'accountId')}@${PROJECT}.iam.gserviceaccount.com`);
    const agents = [BIGQUERY_AGENT, IAP_AGENT, LOGGING_AGENT, PUBSUB_AGENT, STORAGE_AGENT].map(
      (agent) => `serviceAccount:${agent}`,
    );
    const known = new Set([...made, ...agents, ...OPERATORS, ...READERS]);
    for (const member of members()) assert.ok(known.has(textOf(member, 'member')), textOf(member, 'member'));
  });

  test('need no key: the program makes none, of an account or of storage', () => {
    assert.deepEqual(
      plan.filter(({ type }) => /:Key$|hmacKey/i.test(type) && !type.startsWith('gcp:kms/')),
      [],
    );
  });

  test('let a function overwrite and delete the pipeline states and leases of the runs bucket, and nothing else', () => {
    const writers = members().filter((member) => /sluiceStateWriter$/.test(textOf(member, 'role')));
    const declared = accountsOf(({ rights }) => rights.some(({ kind }) => kind === 'moves-state'));
    assert.deepEqual(writers.map(whoOf).toSorted(), declared.toSorted());
    for (const { inputs } of writers) {
      assert.equal(inputs.bucket, `${PROJECT}-sluice-runs`);
      const { expression } = inputs.condition as { expression: string };
      const [headEnd, leaseEnd] = [stateObject(''), leaseObject('')];
      assert.equal(
        expression,
        `resource.name.endsWith("${headEnd}") || resource.name.endsWith("${leaseEnd}")`,
      );
    }
  });

  test('say nothing of the export bucket until a pipeline publishes files or models', async () => {
    const exports = `${PROJECT}-sluice-exports`;
    assert.deepEqual(
      members().filter(({ inputs }) => inputs.bucket === exports),
      [],
    );
    const outputs = [model({ name: 'best', pattern: /ubj$/, metric: 'wape', better: 'lower' })];
    const bikes = { ...carmila, name: 'bikes', outputs };
    const config = {
      'gcp:project': PROJECT,
      'carmila:driveFolderId': 'folder',
      'bikes:driveFolderId': 'other',
    };
    const functionUrl = (name: string) => `https://${name}.example`;
    const planned = await planResources({ config, functionUrl, pipelines: [carmila, bikes] });
    const granted = planned.filter((each) => isMember(each) && each.inputs.bucket === exports);
    assert.deepEqual(granted.map((each) => `${whoOf(each)} ${textOf(each, 'role')}`).toSorted(), [
      'sluice-bikes-job roles/storage.objectViewer',
      `sluice-publish-output ${ROLES}/sluiceObjectAdder`,
      `sluice-publish-output ${ROLES}/sluiceObjectRetirer`,
      `sluice-publish-output ${ROLES}/sluiceStateWriter`,
      'sluice-start-run roles/storage.objectViewer',
    ]);
    const writer = granted.find((each) => textOf(each, 'role').endsWith('sluiceStateWriter'));
    assert.ok(writer);
    const { expression } = writer.inputs.condition as { expression: string };
    assert.equal(expression, 'resource.name.endsWith("/current.json")');
  });
});

test('every permission of a custom role is asked about by a service of the local cloud', () => {
  const services = globSync('local/!(iam)/**/*.ts', { cwd: fileURLToPath(ROOT) });
  const asked = services.map((file) => readFileSync(new URL(file, ROOT), 'utf8')).join('\n');
  const roles = plan.filter(({ type }) => type === 'gcp:projects/iAMCustomRole:IAMCustomRole');
  assert.ok(roles.length > 0 && services.length > 50);
  for (const { name, inputs } of roles) {
    for (const permission of inputs.permissions as string[])
      assert.ok(asked.includes(`'${permission}'`), `${permission} of ${name}`);
  }
});

test('docs/RIGHTS.md lists every grant of the program, and no other', () => {
  const text = readFileSync(new URL('docs/RIGHTS.md', ROOT), 'utf8');
  const [, section = ''] = text.split('\n## The grants\n');
  const [table = ''] = section.split('\n## ');
  const found = table.split('\n').filter((line) => line.startsWith('| `'));
  const expected = rowsOf(members());
  assert.deepEqual(found, expected, `the table should be\n${expected.join('\n')}`);
});

/** One row for each identity and role, in the order in which the program grants. */
function rowsOf(granted: readonly PlannedResource[]): readonly string[] {
  const things = new Map<string, string[]>();
  for (const member of granted) {
    const isOperator = OPERATORS.includes(textOf(member, 'member')) && !isOfConsole(member);
    const who = isOperator ? "the stack's operators" : whoOf(member);
    const role = textOf(member, 'role').replace(/^(roles|projects\/[^/]+\/roles)\//, '');
    const row = `| \`${who}\` | \`${role}\` |`;
    const thing = thingOf(member);
    const known = things.get(row) ?? [];
    if (!known.includes(thing)) things.set(row, [...known, thing]);
  }
  return [...things].map(([row, on]) => `${row} ${on.toSorted().join(', ')} |`).toSorted();
}

/** Whom Identity-Aware Proxy lets through to the console. */
const isOfConsole = ({ type }: PlannedResource): boolean => type.startsWith('gcp:iap/');

function whoOf(member: PlannedResource): string {
  if (isOfConsole(member)) return "the console's people";
  const email = textOf(member, 'member').replace(/^[a-zA-Z]+:/, '');
  if (email === BIGQUERY_AGENT) return "BigQuery's agent";
  if (email === IAP_AGENT) return "Identity-Aware Proxy's agent";
  if (email === LOGGING_AGENT) return "Cloud Logging's agent";
  if (email === PUBSUB_AGENT) return "Pub/Sub's agent";
  if (email === STORAGE_AGENT) return "Cloud Storage's agent";
  return email.split('@')[0] ?? '';
}

function thingOf({ type, inputs }: PlannedResource): string {
  if (type.startsWith('gcp:logging/')) return `log view ${String(inputs['name'])}`;
  const { title } = (inputs.condition ?? {}) as { title?: string };
  const only = title === undefined ? '' : ` (${title})`;
  const keys = { bucket: 'bucket', topic: 'topic', subscription: 'subscription', datasetId: 'dataset' };
  for (const [key, word] of Object.entries({ ...keys, repository: 'repository' })) {
    if (key in inputs) return `${word} ${String(inputs[key]).replace(`${PROJECT}-sluice-`, '')}${only}`;
  }
  if ('cloudRunServiceName' in inputs) return `function ${String(inputs['cloudRunServiceName'])}`;
  if ('serviceAccountId' in inputs)
    return `account ${/sluice-[^@]+/.exec(String(inputs['serviceAccountId']))?.[0]}`;
  if ('cryptoKeyId' in inputs) return `key of ${String(inputs['cryptoKeyId']).split('/')[3]}`;
  if ('project' in inputs) return `the project${only}`;
  return `${type.includes('jobIam') ? 'job' : 'function'} ${String(inputs.name)}${only}`;
}
