// Least privilege, tried: the program's grants are taken away one by one, and each time something fails, and says why.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { localStack } from '../../cli/local-mesh.ts';
import { plannedResources } from '../../cli/planned.ts';
import type { PlannedResource } from '../../infra/plan.ts';
import { grantOf } from '../../local/iam/provision.ts';
import { OPERATOR, openSetup, type RightsSetup } from './rights/setup.ts';
import { failsWithout, works } from './rights/trying.ts';
import { WORKS } from './rights/works.ts';

let setup: RightsSetup;
let plan: readonly PlannedResource[];
before(async () => {
  setup = await openSetup();
  const config = { ...localStack('carmila'), 'sluice:operators': `user:${OPERATOR}` };
  plan = await plannedResources(config, setup.mesh.cloud.functionUrl);
});
after(() => setup.mesh.close());

test('every grant of the program is there for a piece of work that is tried here', () => {
  const granted = plan.filter((resource) => grantOf(resource, setup.mesh.cloud) !== undefined);
  const needed = WORKS.flatMap(({ needs }) => needs);
  assert.deepEqual(needed.toSorted(), granted.map(({ name }) => name).toSorted());
});

for (const work of WORKS) {
  describe(work.what, { skip: work.skip ?? false }, () => {
    test('works with all rights', () => works(work, setup, plan));
    for (const name of work.needs) {
      test(`fails without ${name}, saying so, and publishes nothing`, () =>
        failsWithout(name, work, setup, plan));
    }
    test('works again with all rights', () => works(work, setup, plan));
  });
}
