// What the infra program says that it deploys: true of every stack, never out of date, and contained in the console's bundle.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, describe as suite, test } from 'node:test';
import { describe } from '../../infra/described.ts';
import { addressOf } from '../../infra/flows.ts';
import { genericName } from '../../infra/generic-names.ts';
import { grantRow, isGrant } from '../../infra/grant-rows.ts';
import { planResources } from '../../infra/plan.ts';
import { SAMPLE_PEOPLE, SAMPLE_PROJECT, sampleStack } from '../../infra/sample-stack.ts';
import tried from '../../infra/tried.json' with { type: 'json' };
import { deployedOf } from '../../functions/console/reading/deployment.ts';
import { deployment } from '../../functions/console/deployment.ts';
import type { Described } from '../../shared/functions/described.ts';
import { loadPipelines } from '../../shared/pipelines/registry.ts';
import { TRIED_FILE, triedText } from '../failure/rights/tried.ts';

const ALL = [...loadPipelines().values()];
const keyOf = ({
  name,
  identity,
  role,
  on,
  only,
}: Omit<Described['grants'][number], 'tried' | 'pipelines'>) => [name, identity, role, on, only].join(' | ');

let described: Described;
before(async () => {
  described = await describe(tried);
});

async function planned(names: readonly string[]): Promise<readonly string[]> {
  const plan = await planResources({
    config: sampleStack(ALL),
    functionUrl: addressOf,
    pipelines: ALL.filter(({ name }) => names.includes(name)),
  });
  const keys = plan
    .filter(isGrant)
    .map((member) =>
      keyOf({ name: genericName(member.name, []), ...grantRow(member, SAMPLE_PROJECT, SAMPLE_PEOPLE) }),
    );
  // Each person of a role has the same grant.
  return [...new Set(keys)].toSorted();
}

suite('the description', () => {
  test('of any choice of pipelines has exactly the grants that the program plans for it', async () => {
    for (const names of [
      ALL.map(({ name }) => name),
      ['carmila'],
      ['bikes'],
      ['carmila', 'forecast-what-if'],
      ['bikes', 'heat'],
    ]) {
      const shown = deployedOf(described, new Set(names)).grants.map(keyOf).toSorted();
      const expected = await planned(names);
      assert.ok(expected.length > 50, names.join());
      assert.equal(shown.join('\n'), expected.join('\n'), names.join());
    }
  });

  test('names no placeholder of the sample stack, and no address', () => {
    assert.doesNotMatch(JSON.stringify(described), /@example|sample-project|\.invalid/);
  });

  test('has an end for every edge, and every function, job and pipeline source as a node', () => {
    const ids = new Set(described.nodes.map(({ id }) => id));
    for (const { from, to } of described.edges) assert.ok(ids.has(from) && ids.has(to), `${from} ${to}`);
    for (const id of [
      'function console',
      'job carmila-forecast',
      'source bikes',
      'topic run-requested',
      'bucket runs',
    ])
      assert.ok(ids.has(id), id);
  });

  test('follows a run from its source to what is published', () => {
    const way = [
      ['source carmila', 'function detect-changes'],
      ['function detect-changes', 'topic run-requested'],
      ['topic run-requested', 'function start-run'],
      ['function start-run', 'job carmila-forecast'],
      ['job carmila-forecast', 'bucket results'],
      ['bucket results', 'topic output-finalized'],
      ['topic output-finalized', 'function publish-output'],
      ['function publish-output', 'dataset carmila_data'],
    ];
    for (const [from, to] of way)
      assert.ok(
        described.edges.some((edge) => edge.from === from && edge.to === to),
        `${from} to ${to}`,
      );
  });

  test('is what the console asks the program for, which its bundle contains', () => {
    assert.deepEqual(deployment, described);
  });
});

suite('the grants that tests take away', () => {
  test('are listed as the tests say: node test/failure/rights/tried.ts writes the list again', () => {
    assert.equal(readFileSync(TRIED_FILE, 'utf8'), triedText());
  });

  test('are all but those of readers and of secrets', () => {
    const untried = described.grants.filter((grant) => grant.tried === null);
    for (const { identity, role, name } of untried)
      assert.ok(identity === "the stack's readers" || role === 'secretmanager.secretAccessor', name);
  });
});
