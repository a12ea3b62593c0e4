// Runs in a copy of the tree to which the pipeline frost was added: every grant that it brings is taken away in turn.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { localStack } from '../../../../cli/local-mesh.ts';
import { planResources, type PlannedResource } from '../../../../infra/plan.ts';
import { grantOf } from '../../../../local/iam/provision.ts';
import { OPERATOR } from '../setup.ts';
import { failsWithout, works } from '../trying.ts';
import { FROST, openFrost, type FrostSetup } from './setup.ts';
import { FROST_WORKS } from './works.ts';

let setup: FrostSetup;
let plan: readonly PlannedResource[];
before(async () => {
  setup = await openFrost();
  plan = await planFor(FROST);
});
after(() => setup.close());

const planFor = (pipeline: string) =>
  planResources({
    config: { ...localStack(pipeline), 'sluice:operators': `user:${OPERATOR}` },
    functionUrl: setup.mesh.cloud.functionUrl,
  });

test('every grant that Carmila alone has not is there for a piece of work that is tried here', async () => {
  const carmila = new Set((await planFor('carmila')).map(({ name }) => name));
  const granted = plan.filter((resource) => grantOf(resource, setup.mesh.cloud) !== undefined);
  const own = granted.filter(({ name }) => !carmila.has(name));
  const needed = FROST_WORKS.flatMap(({ needs }) => needs);
  assert.deepEqual(needed.toSorted(), own.map(({ name }) => name).toSorted());
});

// The next work shows that what was taken away is granted again.
for (const work of FROST_WORKS) {
  describe(work.what, () => {
    test('works with all rights', () => works(work, setup, plan));
    for (const name of work.needs) {
      test(`fails without ${name}, saying so, and publishes nothing`, () =>
        failsWithout(name, work, setup, plan));
    }
  });
}
