// The stack's configuration on this machine: the started pipeline, and what takes requests beside it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { leftOutLocally, localStack, requestedBeside } from '../../../cli/local-stack.ts';

test('requests about the input of the started pipeline are taken, from the owner and from one domain', () => {
  const stack = localStack('carmila');
  assert.equal(stack['forecast-what-if:callers'], 'operator@local, domain:example.com');
  assert.equal(stack['forecast-what-if:approvers'], 'operator@local');
  assert.equal(stack['forecast-what-if:engineFallback'], 'seasonal');
  assert.deepEqual(leftOutLocally('carmila', {}), [
    'the pipeline bikes is left out: BIKES_BUCKET is not set',
    'the pipeline heat is left out: HEAT_BUCKET is not set',
  ]);
});

test('.env names other callers, and a pipeline without its input is left out', () => {
  const env = { FORECAST_WHAT_IF_CALLERS: 'ana@example.org' };
  assert.equal(localStack('carmila', env)['forecast-what-if:callers'], 'ana@example.org');
  assert.deepEqual(requestedBeside('bikes'), []);
  assert.equal(localStack('bikes')['forecast-what-if:callers'], undefined);
  assert.deepEqual(leftOutLocally('bikes', {}), [
    'the pipeline carmila is left out: CARMILA_DRIVE_FOLDER_ID is not set',
    'the pipeline forecast-what-if is left out: FORECAST_WHAT_IF_CALLERS is not set',
    'the pipeline heat is left out: HEAT_BUCKET is not set',
  ]);
});
