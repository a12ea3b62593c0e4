// A process that owns the file of a local BigQuery and publishes until it is killed: for kill.test.ts.
import { openBigQuery } from '../../../local/bigquery/bigquery.ts';
import { systemClock } from '../../../local/clock.ts';
import { randomIds } from '../../../local/ids.ts';
import { LONGEST_WAIT_MS } from '../../waiting.ts';

const [, , file, from] = process.argv;
const MOST_PUBLICATIONS = 1000;

const bigquery = await openBigQuery({
  file: file!,
  projectId: 'p',
  clock: systemClock,
  newId: randomIds,
  findObject: () => undefined,
});
await bigquery.ensureDataset({ datasetId: 'ds', location: 'EU' });
const fields = [{ name: 'publication', type: 'INTEGER' }];
await bigquery.ensureTable({ datasetId: 'ds', tableId: 'rows', schema: { fields } });
await bigquery.ensureTable({ datasetId: 'ds', tableId: 'ledger', schema: { fields } });

for (let index = Number(from); index < Number(from) + MOST_PUBLICATIONS; index++) {
  const query = `BEGIN TRANSACTION;
    DELETE FROM ds.rows WHERE TRUE;
    INSERT INTO ds.rows (publication) SELECT ${index} FROM UNNEST(GENERATE_ARRAY(1, 2000));
    INSERT INTO ds.ledger (publication) VALUES (${index});
    COMMIT TRANSACTION`;
  const jobId = `publish_${index}`;
  await bigquery.jobs.insert(
    {
      caller: 'publisher@local',
      jobId,
      location: 'EU',
      configuration: { query: { query, useLegacySql: false } },
    },
    () => undefined,
  );
  process.stdout.write(`inserted ${index}\n`);
  const job = await bigquery.jobs.wait(jobId, 'EU', LONGEST_WAIT_MS);
  if (job.errors) throw new Error(job.errors[0]!.message);
  process.stdout.write(`published ${index}\n`);
}
