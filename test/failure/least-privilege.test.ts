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

const OF_REQUESTS = 'forecast-what-if:';
const config: Record<string, string> = {
  ...localStack('carmila'),
  'sluice:operators': `user:${OPERATOR}`,
  'sluice:consoleOperators': `user:${OPERATOR}`,
};
let setup: RightsSetup;
let plan: readonly PlannedResource[];
before(async () => {
  setup = await openSetup();
  plan = await plannedResources(config, setup.mesh.cloud.functionUrl);
});
after(() => setup.mesh.close());

// Those that a pipeline of requested runs brings are not tried one by one.
test('every grant of the program for Carmila is there for a piece of work that is tried here', async () => {
  const alone = Object.fromEntries(Object.entries(config).filter(([key]) => !key.startsWith(OF_REQUESTS)));
  const carmila = await plannedResources(alone, setup.mesh.cloud.functionUrl);
  const granted = carmila.filter((resource) => grantOf(resource, setup.mesh.cloud) !== undefined);
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
