// The local router of log entries: which filters it reads, which it refuses, and what it publishes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError } from '../../local/http/errors.ts';
import { readFilter } from '../../local/logging/filter.ts';
import { Logging } from '../../local/logging/logging.ts';

const ENTRY = {
  timestamp: '2026-01-05T00:00:00.000Z',
  resource: { type: 'cloud_run_job', labels: { job_name: 'carmila-forecast' } },
  labels: { 'run.googleapis.com/execution_name': 'e-1' },
  jsonPayload: { fresh: false, attempt: 2, name: 'a "b"' },
};

for (const [filter, expected] of [
  ['resource.type="cloud_run_job"', true],
  ['resource.type = "CLOUD_RUN_JOB" AND resource.labels.job_name="carmila-forecast"', true],
  ['resource.type="cloud_run_job" AND resource.labels.job_name="other"', false],
  ['resource.type=("cloud_run_revision" OR "cloud_run_job")', true],
  ['resource.type=("cloud_run_revision" OR "gce_instance")', false],
  ['labels."run.googleapis.com/execution_name"="e-1"', true],
  ['jsonPayload.fresh="false" AND jsonPayload.attempt="2"', true],
  ['jsonPayload.name="a \\"b\\""', true],
  ['jsonPayload.missing.deep="x"', false],
  ['jsonPayload="x"', false],
] as const) {
  test(`${filter} is ${expected} of the entry`, () => {
    assert.equal(readFilter(filter)(ENTRY), expected);
  });
}

for (const filter of [
  '',
  'severity>=ERROR',
  'NOT resource.type="x"',
  'resource.type="x" OR resource.type="y"',
  'resource.type=~"cloud.*"',
  'jsonPayload.message:"word"',
  '(resource.type="x")',
]) {
  test(`"${filter}" is refused by name`, () => {
    assert.throws(
      () => readFilter(filter),
      (error) => error instanceof ApiError && error.message.includes('filter'),
    );
  });
}

test('an entry reaches the topic of each sink that it fits, whole, with its time', () => {
  const published: { topic: string; data: string; attributes: unknown }[] = [];
  const logging = new Logging((topic, messages) => {
    for (const { data = '', attributes } of messages) published.push({ topic, data, attributes });
  });
  const sink = (name: string, filter: string) =>
    logging.ensureSink({ name, destination: `pubsub.googleapis.com/projects/p/topics/${name}`, filter });
  sink('jobs', 'resource.type="cloud_run_job"');
  sink('others', 'resource.type="gce_instance"');
  logging.write(ENTRY);
  assert.deepEqual(
    published.map(({ topic }) => topic),
    ['projects/p/topics/jobs'],
  );
  assert.deepEqual(JSON.parse(Buffer.from(published[0]?.data ?? '', 'base64').toString()), ENTRY);
  assert.deepEqual(published[0]?.attributes, { 'logging.googleapis.com/timestamp': ENTRY.timestamp });
  const bucket = { name: 'b', destination: 'storage.googleapis.com/b', filter: 'resource.type="x"' };
  assert.throws(() => logging.ensureSink(bucket), /is no topic/);
});
