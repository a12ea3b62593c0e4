// A million rows through a BigQuery load job, beside DuckDB reading the same file by itself.
import { BigQuery } from '@google-cloud/bigquery';
import { DuckDBInstance } from '@duckdb/node-api';
import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { TableOutput } from '../../shared/pipelines/outputs.ts';
import { medianOf, type Bench, type BenchSetup } from '../measure.ts';
import { startMesh, type Mesh } from '../mesh/start-mesh.ts';
import { csvOf } from './rows.ts';

const ROWS = 1_000_000;
const REPEATS = 5;
const POLL_MS = 5;
const OBJECT = 'bench/million.csv';
export const DUCKDB_TYPES: Readonly<Record<string, string>> = {
  STRING: 'VARCHAR',
  DATE: 'DATE',
  FLOAT: 'DOUBLE',
  INTEGER: 'BIGINT',
};

export const load: Bench = {
  name: 'load',
  about: `a CSV of ${ROWS} rows through a load job, beside DuckDB's own strict load`,
  async run({ folder, progress }: BenchSetup) {
    const mesh = await startMesh(folder, { moving: false });
    try {
      progress(`writing ${ROWS} rows`);
      const content = csvOf(mesh.table, { rows: ROWS, year: 2025, textLength: 12 });
      await mesh.results.createFrom(OBJECT, content, 'text/csv');
      const path = mesh.cloud.storage.find(mesh.results.bucket, OBJECT)?.path ?? '';
      const megabytes = (statSync(path).size / 1e6).toFixed(0);
      const [jobs, own]: [number[], number[]] = [[], []];
      for (let repeat = 0; repeat <= REPEATS; repeat++) {
        progress(repeat === 0 ? 'loading once for practice' : `loading ${repeat} of ${REPEATS}, alternated`);
        const duckdb = await loadAlone(join(folder, `alone-${repeat}.duckdb`), path, mesh.table);
        const job = await loadByJob(mesh);
        if (repeat === 0) continue;
        own.push(duckdb);
        jobs.push(job);
      }
      return [
        {
          name: `a load job of ${ROWS} rows`,
          value: medianOf(jobs),
          unit: 's',
          floor: { name: "DuckDB's strict typed read_csv into a file of its own", value: medianOf(own) },
          goal: { most: 2, of: 'ratio' },
          note: `${megabytes} MB; median of ${REPEATS}, alternated; from submission to the observed end, by the real client`,
        },
      ];
    } finally {
      await mesh.close();
    }
  },
};

async function loadByJob({ cloud, results, table }: Mesh): Promise<number> {
  const { projectId, endpoint } = cloud;
  const client = new BigQuery({ projectId, location: 'EU', apiEndpoint: endpoint });
  const fields = Object.entries(table.columns).map(([name, { type }]) => ({ name, type }));
  const startMs = performance.now();
  const [job] = await client.createJob({
    configuration: {
      load: {
        sourceUris: [`gs://${results.bucket}/${OBJECT}`],
        destinationTable: { projectId, datasetId: table.table.dataset, tableId: 'million' },
        schema: { fields },
        sourceFormat: 'CSV',
        skipLeadingRows: 1,
        allowQuotedNewlines: true,
        writeDisposition: 'WRITE_TRUNCATE',
      },
    },
  });
  for (;;) {
    const [{ status, statistics }] = await job.getMetadata();
    if (status.state === 'DONE') {
      const seconds = (performance.now() - startMs) / 1000;
      const rows = Number(statistics.load?.outputRows);
      if (rows === ROWS) return seconds;
      throw new Error(`the job loaded ${rows} rows: ${JSON.stringify(status)}`);
    }
    await wait(POLL_MS);
  }
}

async function loadAlone(file: string, path: string, { columns }: TableOutput): Promise<number> {
  const typed = Object.entries(columns).map(([name, { type }]) => `'${name}': '${DUCKDB_TYPES[type]}'`);
  const instance = await DuckDBInstance.create(file, { memory_limit: '1GB' });
  const connection = await instance.connect();
  try {
    const startMs = performance.now();
    const { rowsChanged } = await connection.run(
      `CREATE TABLE million AS SELECT * FROM read_csv('${path}', columns = {${typed.join(', ')}},
         auto_detect = false, header = true, strict_mode = true, delim = ',', quote = '"', escape = '"')`,
    );
    const seconds = (performance.now() - startMs) / 1000;
    const count = await connection.runAndReadAll('SELECT count(*) FROM million');
    if (Number(count.getRowsJS()[0]?.[0]) !== ROWS) throw new Error(`DuckDB loaded ${rowsChanged} rows`);
    return seconds;
  } finally {
    connection.closeSync();
    instance.closeSync();
    rmSync(file, { force: true });
  }
}
