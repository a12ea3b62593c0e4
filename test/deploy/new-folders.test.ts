// With a pipeline of each kind and two functions added to a copy of the tree, the tests of the tree hold for them as well.
import { test } from 'node:test';
import { extended } from './extended-copy.ts';

test('the tests of the copy that are not the own of what was added pass, which were not touched', async () => {
  await extended.test(
    'architecture/walls',
    'architecture/style',
    'deploy/cloudbuild',
    'deploy/deployer',
    'deploy/environment',
    'deploy/images',
    'deploy/infra',
    'deploy/job-region',
    'deploy/safekeeping',
    'deploy/secrets',
    'unit/shared/boundaries',
    'unit/pipelines/deployed',
    'unit/cli/env-example',
    'unit/functions/functions',
    'unit/functions/services',
    'unit/functions/sizes',
    'unit/pipelines/pipeline',
  );
});
