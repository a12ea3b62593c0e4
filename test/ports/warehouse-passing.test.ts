// BigQuery's failures that pass, known by their reason and not by the status: for a load, a script, a query and a poll.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import type { Action, Fault } from '../../local/http/faults.ts';
import { PermanentError, TransientError } from '../../shared/errors.ts';
import { commit } from '../../shared/warehouse/publication.ts';
import { GOOD, openSales, publicationOf, type Sales } from './sales.ts';

const INSERT = { method: 'POST', url: /\/jobs(\?|$)/ };
const QUERY = { method: 'POST', url: /\/queries(\?|$)/ };
const RESULTS = { method: 'GET', url: /\/queries\/[^/?]+/ };
const POLL = { method: 'GET', url: /\/jobs\/[^/?]+/ };

/** As BigQuery answers a limit of ten seconds. */
const LIMITED =
  'Job exceeded rate limits: Your table exceeded quota for table update operations. For more information, see ' +
  'https://cloud.google.com/bigquery/docs/troubleshoot-quotas';
const refuse = (reason: string, message = LIMITED, status = 400): Action => ({
  refuse: { status, reason, message },
});

/** The job of the answer has ended, with these errors; the first is the overall one. */
const ended = (...errors: { reason: string; message: string }[]): Action => ({
  changeAnswer: (job) => ({ ...job, status: { state: 'DONE', errorResult: errors[0], errors } }),
});

const PASSING = [
  'jobRateLimitExceeded',
  'jobBackendError',
  'jobInternalError',
  'backendError',
  'internalError',
  'quotaExceeded',
  'tableUnavailable',
  'resourcesExceeded',
];
const ABORTED = [
  'Transaction is aborted due to concurrent update against table contract:sales.daily. Transaction ID: 1',
  'Query error: Transaction is aborted due to concurrent update against table contract:sales.daily at [3:1]',
  'Could not serialize access to table contract:sales.daily due to concurrent update',
  'Query error: Could not serialize access to table due to concurrent transaction at [1:1]',
];

let sales: Sales;
let count = 0;
before(async () => (sales = await openSales()));
after(() => sales.close());
afterEach(() => sales.mesh.cloud.api.faults.clear());

const plan = (...faults: Fault[]) => sales.mesh.cloud.api.faults.plan(...faults);
const allStruck = () => assert.deepEqual(sales.mesh.cloud.api.faults.unused(), []);

async function passes(work: () => Promise<unknown>): Promise<void> {
  await assert.rejects(work(), TransientError);
  allStruck();
  sales.mesh.cloud.api.faults.clear();
}

describe('a load', () => {
  for (const reason of PASSING) {
    test(`that is refused at its submission for ${reason} is done by another delivery`, async () => {
      const id = `insert-${++count}`;
      plan({ ...INSERT, action: refuse(reason) });
      await passes(() => sales.stage(id, GOOD, id));
      assert.deepEqual(await sales.stage(id, GOOD, id), { kind: 'loaded', rows: 4, job: `${id}-1` });
    });

    test(`that ended with ${reason} is done under the next id, by the same delivery`, async () => {
      const id = `ended-${++count}`;
      plan(
        { ...INSERT, action: ended({ reason, message: LIMITED }) },
        { ...POLL, action: ended({ reason, message: LIMITED }) },
      );
      assert.deepEqual(await sales.stage(id, GOOD, id), { kind: 'loaded', rows: 4, job: `${id}-2` });
      allStruck();
    });
  }

  test('whose poll fails continues under the same id', async () => {
    const id = `polled-${++count}`;
    plan({ ...POLL, action: refuse('jobBackendError') });
    await passes(() => sales.stage(id, GOOD, id));
    assert.deepEqual(await sales.stage(id, GOOD, id), { kind: 'loaded', rows: 4, job: `${id}-1` });
  });

  test('that is not seen yet after its submission is not given up', async () => {
    const id = `unseen-${++count}`;
    plan({ ...POLL, action: refuse('notFound', `Not found: Job contract:EU.${id}-1`, 404) });
    await passes(() => sales.stage(id, GOOD, id));
    assert.deepEqual(await sales.stage(id, GOOD, id), { kind: 'loaded', rows: 4, job: `${id}-1` });
  });

  test('into a dataset that was dropped waits until it is restored', async () => {
    const id = `dropped-${++count}`;
    plan({ ...INSERT, action: refuse('notFound', 'Not found: Dataset contract:sales_staging', 404) });
    await passes(() => sales.stage(id, GOOD, id));
  });

  test('whose overall error only sums up passing ones is tried again; with a bad cell among them it is refused', async () => {
    const overall = {
      reason: 'invalid',
      message: 'Error while reading data, error message: giving up. Rows: 1; errors: 1',
    };
    const passing = { reason: 'backendError', message: 'Error encountered during execution.' };
    const cell = {
      reason: 'invalid',
      message: `Could not parse 'Could not serialize access due to concurrent update' as INT64`,
    };
    const id = `summed-${++count}`;
    plan({ ...INSERT, action: ended(overall, passing) }, { ...POLL, action: ended(overall, passing) });
    assert.deepEqual(await sales.stage(id, GOOD, id), { kind: 'loaded', rows: 4, job: `${id}-2` });
    allStruck();
    for (const errors of [
      [overall, cell],
      [overall, passing, cell],
    ]) {
      const bad = `summed-${++count}`;
      plan({ ...POLL, action: ended(...errors) });
      assert.equal((await sales.stage(bad, GOOD, bad)).kind, 'refused');
      allStruck();
    }
  });

  test('lacking what only a person can give takes one try a delivery', async () => {
    const id = `unpaid-${++count}`;
    plan({
      ...POLL,
      action: ended({ reason: 'billingNotEnabled', message: 'Billing has not been enabled' }),
    });
    await passes(() => sales.stage(id, GOOD, id));
  });
});

describe('a publication', () => {
  const entries = async (sequence: number) => {
    const ledger = '`contract.sluice.publications`';
    const sql = `SELECT COUNT(*) AS n FROM ${ledger} WHERE sequence = @sequence`;
    return (await sales.warehouse.query(sql, { sequence }))[0]?.n;
  };
  const staged = async () => {
    const publication = publicationOf(1000 + ++count);
    await sales.stage(publication.id, GOOD);
    return { publication, sequence: 1000 + count };
  };

  test('that is refused at its submission is made by another delivery, once', async () => {
    const { publication, sequence } = await staged();
    plan({ ...INSERT, action: refuse('jobRateLimitExceeded') });
    await passes(() => commit(sales.warehouse, publication));
    assert.equal(await entries(sequence), 0);
    assert.deepEqual(await commit(sales.warehouse, publication), { kind: 'published' });
    assert.equal(await entries(sequence), 1);
  });

  for (const message of ABORTED) {
    test(`whose transaction was aborted ("${message}") is made by the same delivery, once`, async () => {
      const { publication, sequence } = await staged();
      plan({ ...POLL, action: ended({ reason: 'invalidQuery', message }) });
      assert.deepEqual(await commit(sales.warehouse, publication), { kind: 'published', already: true });
      allStruck();
      assert.equal(await entries(sequence), 1);
    });
  }

  test('that met more conflicts than a delivery bears is made by the next one, which passes over them', async () => {
    const { publication, sequence } = await staged();
    const conflicted = ended({ reason: 'invalidQuery', message: ABORTED[0] ?? '' });
    const MOST_CONFLICTS = 20;
    plan({ ...POLL, action: conflicted, times: MOST_CONFLICTS + 1 });
    await passes(() => commit(sales.warehouse, publication));
    allStruck();
    plan({ ...POLL, action: conflicted, times: MOST_CONFLICTS + 1 });
    assert.deepEqual(await commit(sales.warehouse, publication), { kind: 'published', already: true });
    allStruck();
    assert.equal(await entries(sequence), 1);
  });

  test('that BigQuery will never make is refused', async () => {
    for (const [reason, message] of [
      ['invalidQuery', 'Syntax error: Unexpected identifier at [1:1]'],
      ['responseTooLarge', 'Response too large to return'],
    ] as const) {
      const { publication } = await staged();
      plan({ ...POLL, action: ended({ reason, message }) });
      assert.deepEqual(await commit(sales.warehouse, publication), { kind: 'refused', reason: message });
      allStruck();
    }
  });
});

describe('a query', () => {
  const ask = () => sales.warehouse.query('SELECT 1 AS one', {});

  for (const reason of PASSING) {
    test(`that is answered ${reason} is asked again by another delivery`, async () => {
      plan({ ...QUERY, action: refuse(reason) });
      await passes(ask);
      assert.deepEqual(await ask(), [{ one: 1 }]);
    });
  }

  for (const [what, message] of [...ABORTED.entries()]) {
    test(`whose rows are answered by an aborted transaction is asked again (wording ${what + 1})`, async () => {
      plan(
        { ...QUERY, action: { changeAnswer: incomplete } },
        { ...RESULTS, action: refuse('invalidQuery', message) },
      );
      await passes(ask);
    });
  }

  test('whose job ended in a limit passes, as the answer for its rows', async () => {
    plan(
      { ...QUERY, action: { changeAnswer: incomplete } },
      { ...RESULTS, action: refuse('jobRateLimitExceeded') },
    );
    await passes(ask);
  });

  test('that is wrong is refused at once', async () => {
    for (const [reason, status] of [
      ['invalidQuery', 400],
      ['responseTooLarge', 403],
    ] as const) {
      plan({ ...QUERY, action: refuse(reason, 'Unrecognized name: visitors', status) });
      await assert.rejects(ask(), PermanentError);
      allStruck();
    }
  });
});

const incomplete = ({ jobReference }: Readonly<Record<string, unknown>>) => ({
  jobReference,
  jobComplete: false,
});
