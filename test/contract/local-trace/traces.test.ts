// OpenTelemetry's own exporter, as the functions use it, tells the local cloud of spans, or says why it cannot.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { pino } from 'pino';
import type { Tracing } from '../../../shared/functions/adapters.ts';
import { openTracing } from '../../../shared/google/tracing.ts';
import { IDLE, describe, inOwnTrace, inRun, step } from '../../../shared/tracing/spans.ts';
import { traceIdOf } from '../../../shared/tracing/ids.ts';
import { startMesh, PROJECT, type WatchedMesh } from '../cloud.ts';
import { until } from '../../waiting.ts';

const EMAIL = `sluice-start-run@${PROJECT}.iam.gserviceaccount.com`;
const MEMBER = `serviceAccount:${EMAIL}`;
const WRITER = { role: 'roles/telemetry.tracesWriter', member: MEMBER, resource: `projects/${PROJECT}` };

let mesh: WatchedMesh;
let endpoint: string;
let tracing: Tracing;
const logLines: string[] = [];
const log = pino({ level: 'warn' }, { write: (line: string) => void logLines.push(line) });

before(async () => {
  mesh = await startMesh();
  mesh.cloud.iam.ensureServiceAccount(EMAIL);
  const env = await mesh.cloud.envOf(EMAIL);
  Object.assign(process.env, env);
  endpoint = String(env['GOOGLE_API_ENDPOINT']);
  // What is opened here holds for the whole process, as in a function.
  const google = { GOOGLE_CLOUD_PROJECT: PROJECT, GOOGLE_API_ENDPOINT: endpoint };
  tracing = openTracing('start-run', google, log);
});
after(() => mesh.close());
beforeEach(() => {
  mesh.cloud.iam.resetBindings();
  mesh.cloud.iam.grant(WRITER);
  mesh.cloud.api.faults.clear();
  logLines.length = 0;
});

let runs = 0;
const nextRun = () => ({ pipeline: 'carmila', run: `${String(++runs).padStart(6, '0')}-3fa9c1d2` });
const spansOf = (run: ReturnType<typeof nextRun>) => mesh.cloud.traces.spansOf(traceIdOf(run));

test('the spans are stored when the work is over, with names, parents, attributes and times', async () => {
  const run = nextRun();
  const beforeMs = Date.now();
  const answer = await tracing.during(() =>
    inRun(run, 'start-run', () => step('freeze', () => Promise.resolve('frozen'), { 'sluice.files': 3 })),
  );
  assert.equal(answer, 'frozen');
  const [start, freeze, ...others] = spansOf(run);
  assert.deepEqual(others, []);
  assert.equal(freeze?.parentSpanId, start?.spanId);
  assert.deepEqual(freeze?.attributes, { 'sluice.files': 3 });
  assert.deepEqual([start?.name, start?.component, freeze?.name], ['start-run', 'start-run', 'freeze']);
  const times = [beforeMs, start?.startMs ?? NaN, start?.endMs ?? NaN, Date.now()];
  assert.deepEqual(times, times.toSorted());
  assert.deepEqual(logLines, []);
});

test('a failure keeps its words and its stack, and is thrown on', async () => {
  const run = nextRun();
  const work = () => inRun(run, 'start-run', () => Promise.reject(new RangeError('too many')));
  await assert.rejects(() => tracing.during(work), /too many/);
  const [start] = spansOf(run);
  assert.equal(start?.failure, 'too many');
  assert.equal(start.exceptions[0]?.type, 'RangeError');
  assert.match(start.exceptions[0].stack, /RangeError: too many\n/);
});

test('what is marked as idle is not sent', async () => {
  const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
  const poll = (isIdle: boolean) =>
    tracing.during(() =>
      inOwnTrace('poll', { traceparent }, () => Promise.resolve(describe({ [IDLE]: isIdle }))),
    );
  await poll(true);
  assert.deepEqual(mesh.cloud.traces.spansOf('4bf92f3577b34da6a3ce929d0e0e4736'), []);
  await poll(false);
  const [reported] = mesh.cloud.traces.spansOf('4bf92f3577b34da6a3ce929d0e0e4736');
  assert.deepEqual([reported?.name, reported?.parentSpanId], ['poll', '00f067aa0ba902b7']);
});

test('a loss during long work is logged as well, and later spans are sent', async () => {
  const run = nextRun();
  mesh.cloud.iam.revoke(WRITER);
  await tracing.during(() =>
    inRun(run, 'start-run', async () => {
      await step('freeze', () => Promise.resolve());
      // The spans that have ended are sent every five seconds.
      await until('the warning', () => logLines[0]);
      mesh.cloud.iam.grant(WRITER);
    }),
  );
  assert.equal(logLines.length, 1);
  assert.match(logLines[0] ?? '', /the trace of this call is lost: .*telemetry\.traces\.write/);
  assert.deepEqual(
    spansOf(run).map(({ name }) => name),
    ['start-run'],
  );
});

test('without the role the trace is lost, a warning is logged, and the work is done', async () => {
  mesh.cloud.iam.resetBindings();
  const run = nextRun();
  assert.equal(await tracing.during(() => inRun(run, 'start-run', () => Promise.resolve(1))), 1);
  assert.deepEqual(spansOf(run), []);
  assert.match(logLines.join(''), /the trace of this call is lost: .*telemetry\.traces\.write/);
});

test('a telemetry service that does not answer is waited for, for a moment and no more', async () => {
  const run = nextRun();
  mesh.cloud.api.faults.plan({ url: /^\/v1\/traces/, action: { delayMs: 4_000 } });
  assert.equal(await tracing.during(() => inRun(run, 'start-run', () => Promise.resolve(1))), 1);
  assert.match(logLines.join(''), /the trace of this call is lost: /);
});

/** As the exporter sends it. */
const post = async (body: unknown) => {
  const answer = await fetch(`${endpoint}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: answer.status, text: await answer.text() };
};

const SPAN = {
  traceId: '4bf92f3577b34da6a3ce929d0e0e4737',
  spanId: '00f067aa0ba902b7',
  name: 'freeze',
  startTimeUnixNano: '1763683200000000000',
  endTimeUnixNano: '1763683200000500000',
};
const requestOf = (span: object, project = PROJECT) => ({
  resourceSpans: [
    {
      resource: { attributes: [{ key: 'gcp.project_id', value: { stringValue: project } }] },
      scopeSpans: [{ spans: [span] }],
    },
  ],
});

test('the same span again takes the place of the first', async () => {
  for (const name of ['freeze', 'freeze again'])
    assert.equal((await post(requestOf({ ...SPAN, name }))).status, 200);
  const kept = mesh.cloud.traces.spansOf(SPAN.traceId);
  assert.deepEqual(
    kept.map(({ name, endMs, startMs }) => [name, endMs - startMs]),
    [['freeze again', 0.5]],
  );
});

test('what is no span is refused, by name, and nothing of it is kept', async () => {
  const traceId = SPAN.traceId.replace(/7$/, '8');
  const wrong: readonly (readonly [object, RegExp])[] = [
    [requestOf({ ...SPAN, traceId: 'short' }), /traceId is \\"short\\"; expected 32 hex digits/],
    [requestOf({ ...SPAN, traceId, spanId: '0'.repeat(16) }), /spanId is/],
    [requestOf({ ...SPAN, traceId, startTimeUnixNano: 'noon' }), /startTimeUnixNano is \\"noon\\"/],
    [requestOf({ ...SPAN, traceId, name: '' }), /A span has no name/],
    [requestOf({ ...SPAN, traceId, attributes: [{ key: 'a', value: { bytesValue: '' } }] }), /bytesValue/],
    [requestOf({ ...SPAN, traceId }, ''), /gcp\.project_id/],
    [{ resourceSpans: 7 }, /resourceSpans is no list/],
  ];
  for (const [body, why] of wrong) {
    const { status, text } = await post(body);
    assert.equal(status, 400, text);
    assert.match(text, why);
  }
  assert.deepEqual(mesh.cloud.traces.spansOf(traceId), []);
  assert.equal((await post(requestOf({ ...SPAN, traceId }, 'elsewhere'))).status, 403);
});
