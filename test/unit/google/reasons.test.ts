// What a failure asks of the caller, by the reason that the service gives.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PermanentError, TransientError } from '../../../shared/errors.ts';
import { failure } from '../../../shared/google/failures.ts';
import { verdictOn, verdictOnJob } from '../../../shared/google/reasons.ts';

const LIMITED = 'Job exceeded rate limits: Your table exceeded quota for table update operations.';

/** One answer, in every form in which the clients hand it on. */
const forms = (status: number, reason: string, message: string): readonly object[] => {
  const body = { error: { code: status, message, errors: [{ domain: 'global', reason, message }] } };
  return [
    Object.assign(new Error(message), { code: status, errors: body.error.errors }),
    Object.assign(new Error(message), { status, response: { status, data: body } }),
    Object.assign(new Error(JSON.stringify(body)), { code: status }),
  ];
};

test('a reason that passes decides, whatever the status and wherever the client puts it', () => {
  for (const [status, reason] of [
    [400, 'jobRateLimitExceeded'],
    [400, 'rateLimitExceeded'],
    [400, 'backendError'],
    [400, 'jobBackendError'],
    [400, 'jobInternalError'],
    [400, 'uploadBrokenConnection'],
    [403, 'userRateLimitExceeded'],
    [403, 'dailyLimitExceeded'],
    [404, 'backendError'],
  ] as const) {
    for (const error of forms(status, reason, LIMITED))
      assert.ok(failure('doing', error) instanceof TransientError, `${status} ${reason}`);
  }
});

test('a reason that never passes decides too, and an unknown one leaves it to the status', () => {
  for (const error of forms(403, 'responseTooLarge', 'Response too large to return'))
    assert.ok(failure('doing', error) instanceof PermanentError);
  for (const reason of ['invalid', 'invalidQuery', 'toString', '__proto__', '']) {
    for (const error of forms(400, reason, 'Unrecognized name: x'))
      assert.ok(failure('doing', error) instanceof PermanentError, reason);
    for (const error of forms(403, reason, 'no'))
      assert.ok(failure('doing', error) instanceof TransientError);
  }
});

test('a call that was cut off passes: 499, and the canonical code CANCELLED', () => {
  for (const code of [499, 1]) assert.ok(failure('doing', { code }) instanceof TransientError);
  const limited = Object.assign(new Error('Quota'), { code: 3, reason: 'RATE_LIMIT_EXCEEDED' });
  assert.ok(failure('starting a job', limited) instanceof TransientError);
});

test('an aborted transaction is known by its words, unless they stand in a cell', () => {
  for (const message of [
    'Transaction is aborted due to concurrent update against table p:d.t.',
    'Query error: Transaction is aborted due to concurrent update against table p:d.t at [12:1]',
    'Could not serialize access to table p:d.t due to concurrent update',
    'could not serialize access due to concurrent transaction',
    'The transaction 1234 was aborted',
  ]) {
    assert.equal(verdictOn({ reason: 'invalidQuery', message }), 'conflicts', message);
    assert.equal(verdictOn({ message }), 'conflicts', message);
    assert.equal(verdictOn({ reason: 'invalid', message: `Could not parse '${message}'` }), undefined);
  }
  for (const message of [
    'UPDATE or DELETE statement over table p.d.t would affect rows in the streaming buffer, which is not supported',
    'Error encountered during execution. Retrying may solve the problem.',
  ]) {
    assert.equal(verdictOn({ reason: 'invalidQuery', message }), 'passes', message);
    assert.equal(verdictOn({ message }), 'passes', message);
    assert.equal(verdictOn({ reason: 'invalid', message: `Could not parse '${message}'` }), undefined);
  }
  for (const message of [
    'a newer run has been published',
    'this publication is in the ledger already',
    'Syntax error: Unexpected keyword TRANSACTION at [2:1]',
    '',
  ])
    assert.equal(verdictOn({ reason: 'invalidQuery', message }), undefined, message);
});

test('the end of a job: what a person repairs, what passes, and all else is final', () => {
  const ended = (reason: string, message = 'it failed') => verdictOnJob({ reason, message }, []);
  for (const reason of ['accessDenied', 'billingNotEnabled', 'blocked', 'notFound'])
    assert.equal(ended(reason), 'repairable');
  for (const reason of ['stopped', 'timeout', 'quotaExceeded', 'jobRateLimitExceeded', 'resourcesExceeded'])
    assert.equal(ended(reason), 'passes');
  for (const reason of [
    'invalid',
    'invalidQuery',
    'responseTooLarge',
    'billingTierLimitExceeded',
    'unheardOf',
  ])
    assert.equal(ended(reason), 'final');
});
