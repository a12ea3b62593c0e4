// The infra program's plan as a real project would have it: with one pipeline, and with two, to see what one adds.
import { planResources } from '../../infra/plan.ts';
import { carmila } from '../../pipelines/carmila.ts';
import { tablesOf } from '../../shared/pipelines/outputs.ts';
import type { Pipeline } from '../../shared/pipelines/pipeline.ts';
import type { Plans } from './month.ts';

const CONFIG = {
  'gcp:project': 'my-project',
  'gcp:region': 'europe-west1',
  // As the stacks in infra/ say.
  'sluice:jobRegion': 'europe-west9',
  'sluice:location': 'europe-west9',
  'sluice:operators': 'group:operators@example.org',
  'carmila:driveFolderId': 'folder',
  'second:driveFolderId': 'folder',
};

const second: Pipeline = {
  ...carmila,
  name: 'second',
  outputs: tablesOf(carmila).map((output) => ({
    ...output,
    table: { ...output.table, table: `second_${output.table.table}` },
  })),
};

const planOf = (pipelines: readonly Pipeline[]) =>
  planResources({ config: CONFIG, functionUrl: (name) => `https://${name}.example.org`, pipelines });

export async function plansOf(): Promise<Plans> {
  return { one: await planOf([carmila]), two: await planOf([carmila, second]) };
}
