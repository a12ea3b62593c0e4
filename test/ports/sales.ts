// The fixture of the warehouse's contracts: a small pipeline of shops and days, its tables, and its publications.
import {
  datesStartInJanuary,
  noGapInDates,
  rowCountWithin,
  type Check,
} from '../../shared/pipelines/checks.ts';
import { date, float, int, string } from '../../shared/pipelines/columns.ts';
import { hours, minutes } from '../../shared/pipelines/duration.ts';
import { table } from '../../shared/pipelines/outputs.ts';
import type { WatchPipeline } from '../../shared/pipelines/pipeline.ts';
import { fromEnv } from '../../shared/pipelines/setting.ts';
import { driveFolder, oneOf } from '../../shared/pipelines/source.ts';
import { watch } from '../../shared/pipelines/trigger.ts';
import { bigqueryWarehouse } from '../../shared/google/bigquery.ts';
import { gcsStore } from '../../shared/google/storage.ts';
import { runIdOf } from '../../shared/runs/names.ts';
import { LEDGER_FIELDS, LEDGER, type Publication } from '../../shared/warehouse/ledger.ts';
import { LOCK_FIELDS, lockTable } from '../../shared/warehouse/lock.ts';
import { commit, type PublicationAnswer } from '../../shared/warehouse/publication.ts';
import { publishedFields, stagingTable } from '../../shared/warehouse/tables.ts';
import type { LoadAnswer, Row, Warehouse } from '../../shared/warehouse/warehouse.ts';
import { startMesh, PROJECT, type WatchedMesh } from './cloud.ts';

const columns = { shop: string(), day: date(), sold: int().atLeast(0), price: float().nullable() };
const checks: Check[] = [
  rowCountWithin(0.5, 2, { date: 'day' }),
  noGapInDates('day', ['shop']),
  datesStartInJanuary('day'),
];
export const target = table({
  file: 'sales.csv',
  columns,
  key: ['shop', 'day'],
  checks,
  table: { dataset: 'sales', table: 'daily' },
} as never);
const source = driveFolder({ folderId: fromEnv('A'), settleSeconds: fromEnv('B'), files: { x: oneOf('x') } });
export const pipeline: WatchPipeline = {
  name: 'sales',
  trigger: watch({ schedule: '0 6 * * *', freshness: hours(26), source }),
  job: { image: 'forecast', cpu: 1, memory: '1Gi', timeout: minutes(5), attempts: 1 },
  outputs: [target],
};

const HEADER = 'shop,day,sold,price\n';
export const GOOD = [
  `"L'Étoile, Nord",2026-01-01,3,1.5`,
  `"L'Étoile, Nord",2026-01-02,0,`,
  'Sud,2026-01-01,2,2',
  'Sud,2026-01-02,4,2.25',
];

export interface Sales {
  readonly mesh: WatchedMesh;
  readonly warehouse: Warehouse;
  /** Stages rows for a publication, as publish-output does. */
  stage(publication: string, rows: readonly string[], id?: string): Promise<LoadAnswer>;
  publishRows(
    sequence: number,
    rows: readonly string[],
    more?: Partial<Publication>,
  ): Promise<PublicationAnswer>;
  published(): Promise<readonly Row[]>;
  close(): Promise<void>;
}

export async function openSales(): Promise<Sales> {
  const mesh = await startMesh();
  const { cloud, config } = mesh;
  cloud.storage.ensureBucket({ name: 'results', location: 'EU', projectId: PROJECT });
  await cloud.bigquery.ensureDataset({ datasetId: 'sales', location: 'EU' });
  await cloud.bigquery.ensureDataset({ datasetId: 'sales_staging', location: 'EU' });
  await cloud.bigquery.ensureDataset({ datasetId: LEDGER.dataset, location: 'EU' });
  for (const [{ dataset: datasetId, table: tableId }, fields] of [
    [target.table, publishedFields(target)],
    [LEDGER, LEDGER_FIELDS],
    [lockTable(pipeline), LOCK_FIELDS],
  ] as const) {
    const schema = JSON.parse(JSON.stringify({ fields })) as never;
    await cloud.bigquery.ensureTable({ datasetId, tableId, schema });
  }
  const warehouse = bigqueryWarehouse(config);
  let files = 0;
  const put = async (rows: readonly string[]) => {
    const name = `${++files}.csv`;
    await gcsStore('results', config).create(name, `${HEADER}${rows.join('\n')}\n`, 'text/csv');
    return `gs://results/${name}`;
  };
  const stage: Sales['stage'] = async (publication, rows, id = `load-${publication}-${++files}`) =>
    warehouse.load({
      id,
      uri: await put(rows),
      table: stagingTable(target, publication),
      columns: target.columns,
    });
  return {
    mesh,
    warehouse,
    stage,
    async publishRows(sequence, rows, more = {}) {
      const publication = publicationOf(sequence, more);
      await stage(publication.id, rows);
      return commit(warehouse, publication);
    },
    published: () =>
      warehouse.query(`SELECT shop, day, sold FROM ${warehouse.quoted(target.table)} ORDER BY shop, day`, {}),
    close: () => mesh.close(),
  };
}

export function publicationOf(sequence: number, more: Partial<Publication> = {}): Publication {
  const run = runIdOf(sequence, 'abcdef0123');
  const output = { table: 'sales.daily', object: 'o.csv', generation: '7', crc32c: 'AAAAAA==' };
  return {
    id: `sales-${run}`,
    pipeline,
    run,
    attempt: 1,
    kind: 'run',
    rows: 4,
    summary: { wape: 0.1, note: `it's "good"`, lastActual: '2026-01-02' },
    origin: {
      revision: 'abcdef0123',
      cause: { kind: 'person', by: 'ann@example.com', reason: `it's "due"` },
      requestedAt: '2026-01-03T04:05:06.789Z',
      frozenAt: null,
      files: [{ role: 'flux', name: 'été.xlsx', md5: '00ff' }],
    },
    outputs: [{ ...output, rows: 4, job: 'load-1' }],
    gate: { kind: 'none', detail: null },
    writtenAt: '2026-01-03T05:00:00.000Z',
    requestedBy: null,
    allowOlder: false,
    ...more,
  };
}
