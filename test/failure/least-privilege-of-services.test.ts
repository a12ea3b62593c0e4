// Least privilege of the prediction services: each grant that they have, and that is given on them, is taken away in turn.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { localStack } from '../../cli/local-mesh.ts';
import { plannedResources } from '../../cli/planned.ts';
import type { PlannedResource } from '../../infra/plan.ts';
import { grantOf } from '../../local/iam/provision.ts';
import { bikes } from '../../pipelines/bikes.ts';
import { xgboostHere } from '../jobs/xgboost/installed.ts';
import { ANALYST } from '../mesh/bikes/start-bikes.ts';
import { worksOf } from './rights/functions/predict-bikes.ts';
import { openServices, type ServicesSetup } from './rights/services-setup.ts';
import { failsWithout, works } from './rights/trying.ts';

const SERVICES = ['reg', 'class'] as const;
const WORKS = SERVICES.flatMap(worksOf);

describe('the services of bikes', xgboostHere, () => {
  let setup: ServicesSetup;
  let plan: readonly PlannedResource[];
  before(async () => {
    setup = await openServices();
    const { cloud } = setup.mesh;
    const config = { ...localStack(bikes.name), 'bikes:callers': `user:${ANALYST}` };
    plan = await plannedResources(config, cloud.functionUrl);
  });
  after(() => setup.mesh.close());

  test('have no grant that is not there for a piece of work that is tried here', () => {
    const { cloud } = setup.mesh;
    const isOfService = (resource: PlannedResource) => {
      const grant = grantOf(resource, cloud);
      return SERVICES.some(
        (service) =>
          grant?.member.startsWith(`serviceAccount:sluice-bikes-${service}@`) === true ||
          grant?.resource.endsWith(`/bikes-${service}`) === true,
      );
    };
    const granted = plan.filter(isOfService).map(({ name }) => name);
    assert.deepEqual(WORKS.flatMap(({ needs }) => needs).toSorted(), granted.toSorted());
  });

  for (const work of WORKS) {
    describe(work.what, () => {
      test('works with all rights', () => works(work, setup, plan));
      for (const name of work.needs) {
        test(`fails without ${name}, saying so, and publishes nothing`, () =>
          failsWithout(name, work, setup, plan));
      }
      test('works again with all rights', () => works(work, setup, plan));
    });
  }
});
