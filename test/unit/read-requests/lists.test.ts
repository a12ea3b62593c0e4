// The lists of jobs that read-requests shows, page by page.
import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { ADA, BOB, refusedAs } from '../api/api-place.ts';
import { JobPlace } from './job-place.ts';

describe('a job in a list', () => {
  let place: JobPlace;
  beforeEach(() => {
    place = new JobPlace();
  });
  const request: JobPlace['request'] = (...given) => place.request(...given);

  test('is listed for its owner alone, newest first, page by page, whether it was taken over or not', async () => {
    const ids: string[] = [];
    for (let index = 0; index < 7; index += 1) {
      place.nowMs += 1000;
      const job = await request(index % 2 === 0 ? 'sample' : 'asked-first', `k${index}`);
      if (index < 4) await job.take();
      ids.unshift(job.id);
    }
    await request('sample', 'of-bob', BOB);
    const pages: string[][] = [];
    let cursor: unknown;
    do {
      const query = cursor === undefined ? '' : `&cursor=${String(cursor)}`;
      const { body } = await place.functions.read(`GET /pipeline/jobs?limit=3${query}`, { as: ADA });
      pages.push((body['jobs'] as { job_id: string }[]).map(({ job_id }) => job_id));
      cursor = body['next_cursor'];
    } while (cursor !== null);
    assert.deepEqual(
      pages.map(({ length }) => length),
      [3, 3, 1],
    );
    assert.deepEqual(pages.flat(), ids);
    const waiting = await place.functions.read('GET /pipeline/jobs?state=waiting-approval', { as: ADA });
    assert.deepEqual(
      (waiting.body['jobs'] as { job_id: string }[]).map(({ job_id }) => job_id),
      ids.filter((id) => id.startsWith('asked-first')),
    );
    const two = await place.functions.read('GET /pipeline/jobs?state=queued&limit=2', { as: ADA });
    const rest = await place.functions.read(
      `GET /pipeline/jobs?state=queued&limit=2&cursor=${String(two.body['next_cursor'])}`,
      { as: ADA },
    );
    assert.equal((two.body['jobs'] as []).length + (rest.body['jobs'] as []).length, 4);
    assert.equal(rest.body['next_cursor'], null);
  });

  test('a cursor of another caller, or an invented one, is refused', async () => {
    for (const key of ['1', '2']) await request('sample', key);
    const { body } = await place.functions.read('GET /pipeline/jobs?limit=1', { as: ADA });
    refusedAs(
      await place.functions.read(`GET /pipeline/jobs?cursor=${String(body['next_cursor'])}`, { as: BOB }),
      400,
      'cursor-invalid',
    );
    const invented = Buffer.from('{"o":"x","n":"jobs/x/"}').toString('base64url');
    for (const cursor of ['x', '', invented, '%00'])
      refusedAs(
        await place.functions.read(`GET /pipeline/jobs?cursor=${cursor}`, { as: ADA }),
        400,
        'cursor-invalid',
      );
    for (const query of ['limit=0', 'limit=101', 'limit=x', 'state=done', 'more=1', 'limit=1&limit=2'])
      refusedAs(
        await place.functions.read(`GET /pipeline/jobs?${query}`, { as: ADA }),
        422,
        'invalid-request',
      );
  });
});
