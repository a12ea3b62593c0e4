// The console as the stack deploys it: for the people that it names, behind Identity-Aware Proxy, or not at all.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { planResources, type PlannedResource } from '../../infra/plan.ts';

const planned = (config: Readonly<Record<string, string>> = {}) =>
  planResources({
    config: {
      'gcp:project': 'contract',
      'gcp:region': 'europe-west1',
      'carmila:driveFolderId': 'folder',
      ...config,
    },
    functionUrl: (name) => `https://${name}.example`,
  });

const SERVICE = 'gcp:cloudrunv2/service:Service';
const consoleIn = (plan: readonly PlannedResource[]) =>
  plan.find(({ type, name }) => type === SERVICE && name === 'console');

interface Env {
  readonly name: string;
  readonly value: string;
}

function environmentOf(service: PlannedResource | undefined): Readonly<Record<string, string>> {
  assert.ok(service);
  const { containers } = service.inputs['template'] as { containers: readonly { envs: readonly Env[] }[] };
  return Object.fromEntries((containers[0]?.envs ?? []).map(({ name, value }) => [name, value]));
}

function commandsIn(plan: readonly PlannedResource[]): Readonly<Record<string, string>> {
  const found = plan.find(({ name, type }) => type.endsWith(':Function') && name === 'handle-commands');
  assert.ok(found);
  return (found.inputs['serviceConfig'] as { environmentVariables: Record<string, string> })
    .environmentVariables;
}

describe('the console', () => {
  test('is not deployed where the stack names no person, and handle-commands knows of none', async () => {
    const plan = await planned();
    assert.equal(consoleIn(plan), undefined);
    assert.deepEqual(
      plan.filter(({ name, type }) => /console/.test(name) || type.startsWith('gcp:iap/')),
      [],
    );
    const { CONSOLE_ACCOUNT, CONSOLE_AUDIENCE, CONSOLE_OPERATORS } = commandsIn(plan);
    assert.deepEqual([CONSOLE_ACCOUNT, CONSOLE_AUDIENCE, CONSOLE_OPERATORS], ['none', 'none', 'none']);
  });

  test('stands behind the proxy, whose agent alone may invoke it, and both functions have one audience', async () => {
    const plan = await planned({
      'sluice:consoleReaders': 'group:analysts@example.org, user:bob@example.org',
      'sluice:consoleOperators': 'user:Ada@example.org',
    });
    const service = consoleIn(plan);
    assert.equal(service?.inputs['iapEnabled'], true);
    assert.equal(service?.inputs['invokerIamDisabled'], undefined);
    const invokers = plan.filter(
      ({ type, inputs }) =>
        type === 'gcp:cloudrunv2/serviceIamMember:ServiceIamMember' && inputs['name'] === 'console',
    );
    assert.deepEqual(
      invokers.map(({ inputs }) => inputs['member']),
      ['serviceAccount:service-123456789012@gcp-sa-iap.iam.gserviceaccount.com'],
    );
    const letIn = plan.filter(({ type }) => type.startsWith('gcp:iap/'));
    assert.deepEqual(
      letIn.map(({ inputs }) => inputs['member']),
      ['group:analysts@example.org', 'user:bob@example.org', 'user:Ada@example.org'],
    );
    const expected = '/projects/123456789012/locations/europe-west1/services/console';
    const [own, called] = [environmentOf(service), commandsIn(plan)];
    assert.deepEqual([own['CONSOLE_AUDIENCE'], called['CONSOLE_AUDIENCE']], [expected, expected]);
    assert.deepEqual(
      [own['CONSOLE_OPERATORS'], called['CONSOLE_OPERATORS']],
      ['Ada@example.org', 'Ada@example.org'],
    );
    assert.equal(called['CONSOLE_ACCOUNT'], 'sluice-console@contract.iam.gserviceaccount.com');
  });

  test('is refused a group or a domain of operators, by name', async () => {
    for (const member of [
      'group:night@example.org',
      'domain:example.org',
      'serviceAccount:a@b.iam.gserviceaccount.com',
    ])
      await assert.rejects(
        planned({ 'sluice:consoleOperators': `user:ada@example.org,${member}` }),
        (error: Error) => {
          assert.match(error.message, /sluice:consoleOperators/);
          assert.ok(error.message.includes(member), error.message);
          assert.match(error.message, /cannot resolve a group/);
          return true;
        },
      );
  });
});
