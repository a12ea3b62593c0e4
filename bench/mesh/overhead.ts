// What the mesh adds to the job: from the tick to visible rows, less the job's own compute.
import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Report } from '../../cli/idle.ts';
import { outputFolder } from '../../shared/runs/names.ts';
import { medianOf, type Bench } from '../measure.ts';
import { savedAgain } from '../saved-again.ts';
import { fillFolder } from '../source-folder.ts';
import { downloadFromDrive, listDrive, runJob, writeObject } from './bare.ts';
import { startMesh, type Mesh } from './start-mesh.ts';

const WARM_RUNS = 3;
const SMALL_OBJECTS = 8;
const FLOOR =
  'bare requests one after the other: a listing, every file down and up, ' +
  `${SMALL_OBJECTS} small objects, a load job, a job that replaces the rows`;

export const meshOverhead: Bench = {
  name: 'mesh-overhead',
  about: 'from the tick to visible rows, less what the job computes',
  async run({ folder, progress }) {
    const mesh = await startMesh(folder);
    try {
      const filled = await fillFolder(mesh.drive);
      progress(`the first run, on ${filled}`);
      const cold = await mesh.tickTo('published');
      const [warm, bare]: [Report[], number[]] = [[], []];
      for (let run = 1; run <= WARM_RUNS; run++) {
        progress(`a workbook is saved again: warm run ${run} of ${WARM_RUNS}`);
        const transco = join(mesh.drive, 'Transco.xlsx');
        writeFileSync(transco, savedAgain(readFileSync(transco)));
        const report = await mesh.tickTo('published');
        warm.push(report);
        bare.push(await bareSeconds(mesh, report));
      }
      const floor = { name: FLOOR, value: medianOf(bare) };
      const goal = { most: 3, of: 'value' } as const;
      const mid = (step: string) => medianOf(warm.map((report) => secondsOf(report, step)));
      const [request, freeze, publish] = ['request', 'freeze', 'publish'].map((step) => mid(step).toFixed(2));
      return [
        {
          name: 'warm run',
          value: mid('mesh'),
          unit: 's',
          floor,
          goal,
          note: `${filled}; median of ${WARM_RUNS}: request ${request}, freeze ${freeze}, publish ${publish}`,
        },
        { name: 'first run after the start', value: secondsOf(cold, 'mesh'), unit: 's', floor, goal },
        { name: "the job's own compute", value: mid('execute'), unit: 's', note: 'not part of the overhead' },
      ];
    } finally {
      await mesh.close();
    }
  },
};

function secondsOf({ seconds }: Report, step: string): number {
  const found = Object.entries(seconds).find(([name]) => name === step)?.[1];
  if (typeof found === 'number') return found;
  throw new Error(`the report has no seconds for ${step}: ${JSON.stringify(seconds)}`);
}

/** Moves the same bytes through the same services, without a function that decides, verifies or records. */
async function bareSeconds(
  { cloud, runs, results, pipeline, table }: Mesh,
  { run }: Report,
): Promise<number> {
  const into = `bare/${randomUUID()}`;
  const startMs = performance.now();
  for (const file of await listDrive(cloud)) {
    await writeObject(cloud, runs.bucket, `${into}/${file.id}`, await downloadFromDrive(cloud, file));
  }
  for (let count = 0; count < SMALL_OBJECTS; count++) {
    await writeObject(cloud, runs.bucket, `${into}/${count}.json`, Buffer.alloc(1024, ' '));
  }
  const columns = Object.entries(table.columns);
  const object = `${outputFolder(pipeline.name, run ?? '', 1)}${table.file}`;
  const { dataset } = table.table;
  await runJob(cloud, {
    load: {
      sourceUris: [`gs://${results.bucket}/${object}`],
      destinationTable: { projectId: cloud.projectId, datasetId: dataset, tableId: 'bare_staging' },
      schema: { fields: columns.map(([name, { type }]) => ({ name, type })) },
      sourceFormat: 'CSV',
      skipLeadingRows: 1,
      writeDisposition: 'WRITE_TRUNCATE',
    },
  });
  const replace = `BEGIN TRANSACTION; DELETE FROM ${dataset}.${table.table.table} WHERE TRUE;
    INSERT INTO ${dataset}.${table.table.table} SELECT * FROM ${dataset}.bare_staging; COMMIT TRANSACTION;`;
  await runJob(cloud, { query: { query: replace, useLegacySql: false } });
  return (performance.now() - startMs) / 1000;
}
