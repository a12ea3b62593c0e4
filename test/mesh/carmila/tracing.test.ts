// One change, followed from the tick to the publication: every line that was printed, and one trace of it all.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { LOCAL_PROJECT } from '../../../cli/local-mesh.ts';
import { traceText } from '../../../cli/trace-tree.ts';
import type { Span } from '../../../local/trace/span.ts';
import { callFunction } from '../../../shared/google/functions.ts';
import { rootSpanIdOf, traceIdOf } from '../../../shared/tracing/ids.ts';
import { good, withFlux, withVisitors } from '../folders.ts';
import { startMesh, type RunningMesh } from '../start-mesh.ts';
import { done, refused } from '../operator-commands.ts';
import { requestsDuring } from '../requests.ts';

let mesh: RunningMesh;
let fate: 'deliver' | 'lose' = 'deliver';
before(async () => {
  // The event of a finished execution causes a sweep, whose lines and spans are another test's subject.
  const hints = (topic: string) => topic.endsWith('/execution-finished');
  mesh = await startMesh({
    countsMessages: true,
    interference: ({ topic }) => (hints(topic) ? 'lose' : fate),
  });
});
after(() => mesh.close());
beforeEach(() => {
  fate = 'deliver';
  mesh.cloud.api.faults.clear();
});

type Line = Readonly<Record<string, unknown>>;
const SEVERITIES = ['DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL'];

/** What functions and jobs printed from the `since`th line on; the local cloud's own remarks stand in brackets. */
const printed = (since = 0): readonly Line[] =>
  mesh.logLines
    .slice(since)
    .map((line) => line.replace(/^[a-z-]+: /, ''))
    .filter((line) => !line.startsWith('('))
    .map((line) => JSON.parse(line) as Line);

/** Without what the functions framework prints of an error that was thrown on to it: its bare stack. */
const structured = (since: number): readonly Line[] =>
  mesh.logLines
    .slice(since)
    .map((line) => line.replace(/^[a-z-]+: /, ''))
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Line);

const traceOf = (run: string): readonly Span[] =>
  mesh.cloud.traces.spansOf(traceIdOf({ pipeline: 'carmila', run }));

/** The spans as a tree of names; siblings by name, for those that work side by side have no order. */
function shapeOf(spans: readonly Span[], parent?: string): unknown[] {
  return spans
    .filter(({ parentSpanId }) => parentSpanId === parent)
    .toSorted((one, other) => one.name.localeCompare(other.name))
    .map(({ name, spanId }) => {
      const below = shapeOf(spans, spanId);
      return below.length === 0 ? name : { [name]: below };
    });
}

/** A trace with one root and no orphan. What a function did is sent after it was done, just before it answers. */
const wholeTraceOf = (run: string) =>
  mesh.until(`the whole trace of ${run}`, () => {
    const spans = traceOf(run);
    const ids = new Set(spans.map(({ spanId }) => spanId));
    const [root, ...others] = spans.filter(
      ({ parentSpanId }) => parentSpanId === undefined || !ids.has(parentSpanId),
    );
    return root !== undefined && others.length === 0 ? { root, spans } : undefined;
  });

const refusedWrites = () => mesh.logLines.filter((line) => line.includes('The trace of this call is lost'));

test('a change leaves one trace, from the tick to the publication, with the job inside', async () => {
  mesh.put(good());
  const { run, outcome, rows } = await mesh.tick();
  assert.ok(run !== null && outcome === 'published');
  const { root, spans } = await wholeTraceOf(run);
  const tables = ['check', 'check', 'publish', 'stage', 'stage'];
  // Two tables, the metrics, three files of the forecast, and the report in two languages.
  const execute = ['fetch', 'forecast', 'read', ...Array.from({ length: 8 }, () => 'write')];
  assert.deepEqual(shapeOf(spans), [
    {
      [`run ${run}`]: [
        { execute },
        { poll: ['request'] },
        { 'publish-output': tables },
        { 'start-run': ['freeze', 'submit'] },
      ],
    },
  ]);
  assert.equal(root.spanId, rootSpanIdOf({ pipeline: 'carmila', run }));
  assert.deepEqual(
    spans.filter(({ failure }) => failure !== undefined),
    [],
  );
  const { attributes } = root;
  assert.deepEqual([attributes['sluice.outcome'], attributes['sluice.rows']], ['published', rows]);
  const published = spans.find(({ name }) => name === 'publish');
  assert.ok(
    published !== undefined && root.startMs <= published.startMs && published.endMs <= root.endMs + 1,
  );
  assert.deepEqual([...new Set(spans.map(({ component }) => component))].sort(), [
    'detect-changes',
    'forecast',
    'publish-output',
    'start-run',
  ]);
  assert.deepEqual(refusedWrites(), []);
});

test('every line that was printed is JSON with a severity and a component, and names run and trace', async () => {
  const { run } = await mesh.newestRun();
  const lines = printed();
  assert.ok(lines.length > 8, `only ${lines.length} lines`);
  const trace = `projects/${LOCAL_PROJECT}/traces/${traceIdOf({ pipeline: 'carmila', run })}`;
  const ids = new Set(traceOf(run).map(({ spanId }) => spanId));
  for (const line of lines) {
    const text = JSON.stringify(line);
    assert.ok(SEVERITIES.includes(String(line['severity'])), text);
    assert.ok(typeof line['component'] === 'string' && typeof line['message'] === 'string', text);
    assert.deepEqual([line['pipeline'], line['run']], ['carmila', run], text);
    assert.equal(line['logging.googleapis.com/trace'], trace, text);
    const span = line['logging.googleapis.com/spanId'];
    assert.ok(span === undefined || ids.has(String(span)), text);
  }
  const message = lines.map(({ component, outcome }) =>
    `${String(component)} ${String(outcome ?? '')}`.trim(),
  );
  assert.ok(message.includes('publish-output published'), message.join('\n'));
  assert.deepEqual([...new Set(lines.map(({ component }) => component))].sort(), [
    'detect-changes',
    'forecast',
    'publish-output',
    'start-run',
  ]);
});

test('the look has a trace of its own as well, and each of the two names the other', async () => {
  const { run } = await mesh.newestRun();
  const shown = traceOf(run).find(({ name }) => name === 'poll');
  const [link] = shown?.links ?? [];
  assert.ok(shown !== undefined && link !== undefined);
  const [own] = mesh.cloud.traces.spansOf(link.traceId);
  assert.equal(own?.name, 'poll');
  assert.deepEqual(own.links, [{ traceId: shown.traceId, spanId: shown.spanId }]);
});

test('a poll and a sweep that find nothing send no trace', async () => {
  const requests = await requestsDuring(async () => {
    assert.equal(await mesh.fire('tick-carmila'), 200);
    assert.equal(await mesh.fire('sweep'), 200);
  });
  assert.deepEqual(
    requests.filter((request) => request.includes('/v1/traces')),
    [],
  );
});

test('with every message and event lost, the sweep’s work joins the same trace', async () => {
  fate = 'lose';
  mesh.put(withVisitors(501));
  const { run, outcome } = await mesh.tick();
  assert.ok(run !== null && outcome === 'published');
  const { spans } = await wholeTraceOf(run);
  const sweeps = spans.filter(({ name }) => name === 'sweep');
  const pushed = spans.filter(({ parentSpanId }) => sweeps.some(({ spanId }) => spanId === parentSpanId));
  assert.deepEqual([...new Set(pushed.map(({ name }) => name))].sort(), ['load', 'request']);
  assert.equal(spans.filter(({ name }) => name === 'publish').length, 1);
});

test('a step that fails is marked with what was thrown, and the next delivery stands beside it', async () => {
  const caller = `sluice-start-run@${LOCAL_PROJECT}.iam.gserviceaccount.com`;
  const { faults } = mesh.cloud.api;
  faults.plan({ method: 'GET', url: /\/drive\/v3\/files\//, action: 503, times: 10_000, caller });
  mesh.put(withVisitors(502));
  const since = mesh.logLines.length;
  assert.equal(await mesh.fire('tick-carmila'), 200);
  const { run } = await mesh.newestRun();
  const freeze = await mesh.until('a failed freeze', () =>
    traceOf(run).find(({ name }) => name === 'freeze'),
  );
  faults.clear();
  assert.match(freeze.failure ?? '', /^reading ".*" \(.*\) from Drive: /);
  assert.equal(freeze.exceptions[0]?.type, 'SERVICE_UNAVAILABLE');
  assert.match(freeze.exceptions[0].stack, /\n {4}at /);
  // What passes by itself is no error yet.
  const message = structured(since).find(
    ({ component, err }) => component === 'start-run' && err !== undefined,
  );
  assert.deepEqual(
    [message?.['severity'], message?.['pipeline'], message?.['run']],
    ['WARNING', 'carmila', run],
  );
  await mesh.until('the outcome', async () => (await mesh.newestRun()).outcome);
  const { spans } = await wholeTraceOf(run);
  const starts = spans.filter(({ name }) => name === 'start-run').map(({ failure }) => failure === undefined);
  assert.deepEqual([...new Set(starts)], [false, true]);
});

test('what no other try can help is an error that Error Reporting reads, and a failed look', async () => {
  const since = mesh.logLines.length;
  await assert.rejects(callFunction(mesh.cloud.functionUrl('detect-changes'), { pipeline: 'nobody' }));
  const error = structured(since).find(({ severity }) => severity === 'ERROR');
  assert.match(String(error?.['@type']), /v1beta1\.ReportedErrorEvent$/);
  assert.deepEqual(error?.['serviceContext'], { service: 'detect-changes' });
  assert.match(String(error?.['stack_trace']), /^PermanentError: .*\n {4}at /s);
  const trace = String(error?.['logging.googleapis.com/trace']).split('/').at(-1) ?? '';
  const [poll, ...others] = mesh.cloud.traces.spansOf(trace);
  assert.deepEqual(others, []);
  assert.equal(poll?.failure, error?.['message']);
});

test('a run that ends badly is a failure in its trace, with the reason for people to read', async () => {
  mesh.put(withFlux(['A1', 'no date', 3]));
  const { run, outcome, reason } = await mesh.tick();
  assert.ok(run !== null && outcome === 'failed');
  const { root } = await wholeTraceOf(run);
  assert.equal(root.failure, reason);
  const text = traceText('the trace', traceOf(run), false).text;
  assert.match(text, new RegExp(`^run ${run} .* ✖ failed$`, 'm'));
  assert.ok(text.includes(reason.slice(0, 60)), text);
});

test('an order and a replay stand in the trace of the run that they are about', async () => {
  mesh.put(withVisitors(503));
  const { run } = await mesh.tick();
  assert.ok(run !== null);
  await done(mesh, { verb: 'run' });
  const forced = (await mesh.newestRun()).run;
  await mesh.until('the outcome', async () => (await mesh.newestRun()).outcome);
  assert.match(await refused(mesh, { verb: 'hold', run: forced }), /published/);
  const command = traceOf(forced).find(({ name }) => name === 'command');
  assert.ok(command);
  assert.ok(
    traceOf(forced).some(({ name, parentSpanId }) => name === 'hold' && parentSpanId === command.spanId),
  );
  const data = Buffer.from(JSON.stringify({ pipeline: 'carmila', run, replay: 'again', allowOlder: true }));
  mesh.cloud.pubsub.publish(`projects/${LOCAL_PROJECT}/topics/load-requested`, [
    { data: data.toString('base64') },
  ]);
  const replay = await mesh.until('the replay', () => traceOf(run).find(({ name }) => name === 'replay'));
  const steps = traceOf(run).filter(({ parentSpanId }) => parentSpanId === replay.spanId);
  assert.deepEqual(steps.map(({ name }) => name).sort(), ['check', 'check', 'publish', 'stage', 'stage']);
});

test('a trace that cannot be sent is said to be lost, and the run is published all the same', async () => {
  const since = mesh.logLines.length;
  mesh.cloud.api.faults.plan({ method: 'POST', url: /^\/v1\/traces/, action: 500, times: 10_000 });
  mesh.put(withVisitors(504));
  const { run, outcome } = await mesh.tick();
  assert.ok(run !== null && outcome === 'published');
  assert.deepEqual(traceOf(run), []);
  const lost = printed(since).filter(({ message }) =>
    /^The trace of this call is lost/.test(String(message)),
  );
  assert.deepEqual([...new Set(lost.map(({ severity }) => severity))], ['WARNING']);
});
