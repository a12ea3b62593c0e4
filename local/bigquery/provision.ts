// The datasets, tables and views of the infra program.
import { count, group, knownInputs, optionalText, text, type Shape } from '../provision/inputs.ts';
import type { Creator, Creators } from '../service.ts';
import type { Field } from './types.ts';

const DATASET: Shape = {
  datasetId: 'value',
  location: 'value',
  // Nothing is taken down with its program.
  deleteContentsOnDestroy: 'value',
  deletionPolicy: 'value',
  // No identity has a role on the whole project here, and no deployer reads: it names none but them.
  accesses: { role: 'value', specialGroup: ['projectOwners'], userByEmail: 'value' },
  defaultTableExpirationMs: 'value',
  defaultEncryptionConfiguration: { kmsKeyName: 'value' },
  maxTimeTravelHours: 'value',
};

const dataset: Creator = async (resource, { cloud }) => {
  const inputs = knownInputs(resource, DATASET);
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

const TABLE: Shape = {
  datasetId: 'value',
  tableId: 'value',
  deletionProtection: 'value',
  encryptionConfiguration: { kmsKeyName: 'value' },
  schema: 'value',
  view: { query: 'value', useLegacySql: [false] },
};

const table: Creator = async (resource, { cloud }) => {
  const inputs = knownInputs(resource, TABLE);
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
