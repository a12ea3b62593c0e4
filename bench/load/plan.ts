// The plan of a replay over 300,000 rows, from asking to its hash, beside DuckDB doing the same joins by itself.
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { planOutput } from '../../functions/publish-output/plan.ts';
import { bigqueryWarehouse } from '../../shared/google/bigquery.ts';
import type { TableOutput } from '../../shared/pipelines/outputs.ts';
import type { Pipeline } from '../../shared/pipelines/pipeline.ts';
import { manifestObject, outputFolder } from '../../shared/runs/names.ts';
import { medianOf, type Bench } from '../measure.ts';
import { startMesh, type Mesh } from '../mesh/start-mesh.ts';
import { DUCKDB_TYPES } from './load.ts';
import { csvOf } from './rows.ts';

const ROWS = 300_000;
const REPEATS = 5;
const RUN = '000001-0123abcd';
const PUBLISHED = 'bench/published.csv';
const SILENT = pino({ level: 'silent' });

export const plan: Bench = {
  name: 'plan',
  about: `the plan of a replay over ${ROWS} rows, beside DuckDB's own joins`,
  async run({ folder, progress }) {
    const mesh = await startMesh(folder, { moving: false });
    // One table, so that the rows that are counted are the rows that are planned.
    const pipeline: Pipeline = { ...mesh.pipeline, outputs: [mesh.table] };
    try {
      progress(`writing and publishing ${ROWS} rows`);
      const output = await writeOutput(mesh);
      const published = await publishRows(mesh);
      const [plans, own]: [number[], number[]] = [[], []];
      for (let repeat = 0; repeat <= REPEATS; repeat++) {
        progress(
          repeat === 0 ? 'planning once for practice' : `planning ${repeat} of ${REPEATS}, alternated`,
        );
        const alone = await planAlone(join(folder, `alone-${repeat}.duckdb`), output, published, mesh.table);
        const planned = await planOnce(mesh, pipeline, repeat);
        if (repeat === 0) continue;
        own.push(alone);
        plans.push(planned);
      }
      return [
        {
          name: `a replay's plan on ${ROWS} rows`,
          value: medianOf(plans),
          unit: 's',
          floor: {
            name: "DuckDB's strict read_csv, then the full join counted and sorted",
            value: medianOf(own),
          },
          goal: { most: 2, of: 'value' },
          note: `median of ${REPEATS}, alternated; staged, checked, compared and recorded, by the real clients; every third row differs`,
        },
      ];
    } finally {
      await mesh.close();
    }
  },
};

/** Writes what the job of a run would write, and gives the path of its CSV. */
async function writeOutput({ cloud, results, table, pipeline }: Mesh): Promise<string> {
  const { file } = table;
  const object = `${outputFolder(pipeline.name, RUN, 1)}${file}`;
  await results.createFrom(object, csvOf(table, { rows: ROWS, year: 2025, textLength: 12 }), 'text/csv');
  const info = await results.info(object);
  if (info === undefined) throw new Error(`${object} was written and is not there`);
  const { sizeBytes, crc32c } = info;
  const head = { kind: 'output', pipeline: pipeline.name, run: RUN, attempt: 1, rows: ROWS };
  const files = [{ name: file, object, sizeBytes, crc32c }];
  const manifest = JSON.stringify({ ...head, files, writtenAt: new Date().toISOString() });
  await results.create(manifestObject(pipeline.name, RUN, 1), manifest, 'application/json');
  return cloud.storage.find(results.bucket, object)?.path ?? '';
}

/** Fills the published table with rows of which every third differs from the output's, and gives their CSV's path. */
async function publishRows({ cloud, results, table }: Mesh): Promise<string> {
  const wanted = { rows: ROWS, year: 2025, textLength: 12, differing: 3 };
  await results.createFrom(PUBLISHED, csvOf(table, wanted), 'text/csv');
  const uri = `gs://${results.bucket}/${PUBLISHED}`;
  const { columns } = table;
  const loaded = await warehouseOf(cloud).load({
    id: 'bench-published',
    uri,
    table: table.table,
    columns,
  });
  if (loaded.kind === 'refused') throw new Error(loaded.reason);
  return cloud.storage.find(results.bucket, PUBLISHED)?.path ?? '';
}

const warehouseOf = ({ projectId, endpoint }: Mesh['cloud']) =>
  bigqueryWarehouse({
    GOOGLE_CLOUD_PROJECT: projectId,
    WAREHOUSE_LOCATION: 'EU',
    GOOGLE_API_ENDPOINT: endpoint,
  });

async function planOnce(
  { cloud, runs, results, exports }: Mesh,
  pipeline: Pipeline,
  repeat: number,
): Promise<number> {
  const ports = { runs, results, exports, warehouse: warehouseOf(cloud), now: () => Date.now(), log: SILENT };
  const startMs = performance.now();
  const answer = await planOutput({ pipeline, run: RUN, nonce: `bench-${repeat}`, kind: 'replay' }, ports);
  if (answer.kind === 'unfit') throw new Error(answer.reason);
  return (performance.now() - startMs) / 1000;
}

async function planAlone(
  file: string,
  output: string,
  published: string,
  { columns, key }: TableOutput,
): Promise<number> {
  const instance = await DuckDBInstance.create(file, { memory_limit: '1GB' });
  const connection = await instance.connect();
  try {
    const types = Object.entries(columns).map(([name, { type }]) => `'${name}': '${DUCKDB_TYPES[type]}'`);
    const read = (path: string) =>
      `read_csv('${path}', columns = {${types.join(', ')}}, auto_detect = false, header = true, strict_mode = true)`;
    await connection.run(`CREATE TABLE published AS SELECT * FROM ${read(published)}`);
    const startMs = performance.now();
    await connection.run(`CREATE TABLE staged AS SELECT * FROM ${read(output)}`);
    await compareAlone(connection, Object.keys(columns), key);
    return (performance.now() - startMs) / 1000;
  } finally {
    connection.closeSync();
    instance.closeSync();
    rmSync(file, { force: true });
  }
}

async function compareAlone(
  connection: DuckDBConnection,
  columns: readonly string[],
  key: readonly string[],
): Promise<void> {
  const values = columns.filter((column) => !key.includes(column));
  const on = key.map((column) => `s.${column} = p.${column}`).join(' AND ');
  const differs = values.map((column) => `s.${column} IS DISTINCT FROM p.${column}`).join(' OR ');
  const joined = `staged s FULL JOIN published p ON ${on}`;
  const [first = ''] = key;
  const counted = await connection.runAndReadAll(
    `SELECT count(*) FILTER (WHERE ${differs}), count(*) FILTER (WHERE p.${first} IS NULL) FROM ${joined}`,
  );
  const [changed] = counted.getRowsJS()[0] ?? [];
  if (Number(changed) !== ROWS / 3) throw new Error(`DuckDB found ${String(changed)} changed rows`);
  await connection.runAndReadAll(
    `SELECT * FROM ${joined} WHERE ${differs} ORDER BY abs(s.donnees_predites - p.donnees_predites) DESC LIMIT 5`,
  );
}
