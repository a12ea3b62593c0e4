// Least privilege of requested runs: each grant that a pipeline of requests brings beside Carmila is taken away in turn.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { localStack } from '../../cli/local-mesh.ts';
import { plannedResources } from '../../cli/planned.ts';
import type { PlannedResource } from '../../infra/plan.ts';
import { grantOf } from '../../local/iam/provision.ts';
import { openRequests, WHAT_IF, type RequestsSetup } from './rights/requests/setup.ts';
import { REQUEST_WORKS } from './rights/requests/works.ts';
import { OPERATOR } from './rights/setup.ts';
import { failsWithout, works } from './rights/trying.ts';

const config: Record<string, string> = {
  ...localStack('carmila'),
  'sluice:operators': `user:${OPERATOR}`,
};
let setup: RequestsSetup;
let plan: readonly PlannedResource[];
before(async () => {
  setup = await openRequests();
  plan = await plannedResources(config, setup.mesh.cloud.functionUrl);
});
after(() => setup?.mesh.close());

test('every grant that Carmila alone has not is there for a piece of work that is tried here', async () => {
  const { cloud } = setup.mesh;
  const withoutRequests = Object.entries(config).filter(([key]) => !key.startsWith(`${WHAT_IF}:`));
  const alone = await plannedResources(Object.fromEntries(withoutRequests), cloud.functionUrl);
  const carmila = new Set(alone.map(({ name }) => name));
  const own = plan.filter(
    (resource) => grantOf(resource, cloud) !== undefined && !carmila.has(resource.name),
  );
  const needed = REQUEST_WORKS.flatMap(({ needs }) => needs);
  assert.deepEqual(needed.toSorted(), own.map(({ name }) => name).toSorted());
});

// The next work shows that what was taken away is granted again.
for (const work of REQUEST_WORKS) {
  describe(work.what, { skip: work.skip ?? false }, () => {
    test('works with all rights', () => works(work, setup, plan));
    for (const name of work.needs) {
      test(`fails without ${name}, saying so, and publishes nothing`, () =>
        failsWithout(name, work, setup, plan));
    }
  });
}
