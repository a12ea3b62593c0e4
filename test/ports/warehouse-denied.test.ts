// A BigQuery job that ends because a right is missing: nothing is wrong with the output, and a later try can work.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { bigqueryWarehouse } from '../../shared/google/bigquery.ts';
import { TransientError } from '../../shared/errors.ts';

const DENIED = { reason: 'accessDenied', message: 'Access Denied: File gs://results/x.csv' };

/** A BigQuery whose jobs end as given, in the order in which they are submitted. */
async function bigqueryWith(ends: (object | undefined)[]) {
  const jobs = new Map<string, object | undefined>();
  const submitted: string[] = [];
  const server = createServer((request, response) => {
    const answer = (status: number, body: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    const ended = (jobId: string) => ({
      jobReference: { projectId: 'p', jobId, location: 'EU' },
      status: { state: 'DONE', ...(jobs.get(jobId) && { errorResult: jobs.get(jobId) }) },
      statistics: { load: { outputRows: '7' } },
    });
    const chunks: Buffer[] = [];
    request
      .on('data', (chunk: Buffer) => chunks.push(chunk))
      .on('end', () => {
        if (request.method === 'GET')
          return answer(200, ended(/\/jobs\/([^?]+)/.exec(request.url ?? '')?.[1] ?? ''));
        const body = JSON.parse(Buffer.concat(chunks).toString()) as { jobReference: { jobId: string } };
        const { jobId } = body.jobReference;
        if (jobs.has(jobId))
          return answer(409, { error: { code: 409, message: `Already Exists: Job p:EU.${jobId}` } });
        submitted.push(jobId);
        jobs.set(jobId, ends[submitted.length - 1]);
        return answer(200, ended(jobId));
      });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const warehouse = bigqueryWarehouse({
    GOOGLE_CLOUD_PROJECT: 'p',
    WAREHOUSE_LOCATION: 'EU',
    GOOGLE_API_ENDPOINT: `http://127.0.0.1:${port}`,
  });
  return { warehouse, submitted, close: () => server.close() };
}

test('a load that lacks a right is no verdict on its output: one try a delivery, until the right is there', async () => {
  Object.assign(process.env, { METADATA_SERVER_DETECTION: 'none' });
  const { warehouse, submitted, close } = await bigqueryWith([DENIED, undefined]);
  const load = () =>
    warehouse.load({
      id: 'load',
      uri: 'gs://results/x.csv',
      table: { dataset: 'd', table: 't' },
      columns: {},
    });
  await assert.rejects(load(), (error: unknown) => {
    assert.ok(error instanceof TransientError);
    assert.match(error.message, /load-1: Access Denied: File gs:\/\/results/);
    return true;
  });
  assert.deepEqual(submitted, ['load-1']);
  assert.deepEqual(await load(), { kind: 'loaded', rows: 7, job: 'load-2' });
  assert.deepEqual(submitted, ['load-1', 'load-2']);
  close();
});
