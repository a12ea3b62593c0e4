// The datasets, tables and views of the infra program.
import { count, group, knownInputs, optionalText, text } from '../provision/inputs.ts';
import type { Creator, Creators } from '../service.ts';
import type { Field } from './types.ts';

const dataset: Creator = async (resource, { cloud }) => {
  // Nobody has a role on the whole project here, and no deployer reads: `accesses` names none but them.
  const ignored = ['deleteContentsOnDestroy', 'deletionPolicy', 'accesses'];
  const kept = ['defaultTableExpirationMs', 'defaultEncryptionConfiguration', 'maxTimeTravelHours'];
  const inputs = knownInputs(resource, ['datasetId', 'location', ...ignored, ...kept]);
  const maxTimeTravelHours = optionalText(inputs, 'maxTimeTravelHours');
  await cloud.bigquery.ensureDataset({
    datasetId: text(inputs, 'datasetId'),
    location: text(inputs, 'location'),
    ...('defaultTableExpirationMs' in inputs
      ? { defaultTableExpirationMs: count(inputs, 'defaultTableExpirationMs') }
      : {}),
    ...('defaultEncryptionConfiguration' in inputs
      ? { kmsKeyName: text(group(inputs, 'defaultEncryptionConfiguration'), 'kmsKeyName') }
      : {}),
    ...(maxTimeTravelHours === undefined ? {} : { maxTimeTravelHours }),
  });
};

const table: Creator = async (resource, { cloud }) => {
  const inputs = knownInputs(resource, [
    'datasetId',
    'tableId',
    'deletionProtection',
    'encryptionConfiguration',
    'schema',
    'view',
  ]);
  const schema = optionalText(inputs, 'schema');
  await cloud.bigquery.ensureTable({
    datasetId: text(inputs, 'datasetId'),
    tableId: text(inputs, 'tableId'),
    ...(schema === undefined ? {} : { schema: { fields: JSON.parse(schema) as Field[] } }),
    ...('encryptionConfiguration' in inputs
      ? { kmsKeyName: text(group(inputs, 'encryptionConfiguration'), 'kmsKeyName') }
      : {}),
    ...('view' in inputs ? { view: { query: text(group(inputs, 'view'), 'query') } } : {}),
  });
};

export const creators: Creators = {
  'gcp:bigquery/dataset:Dataset': dataset,
  'gcp:bigquery/table:Table': table,
};
