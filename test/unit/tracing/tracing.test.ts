// The ids of traces, the headers that callers bring, and the tree that people see.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { branchesOf } from '../../../cli/trace-branches.ts';
import { traceText } from '../../../cli/trace-tree.ts';
import type { Span } from '../../../local/trace/span.ts';
import { callerIn } from '../../../shared/tracing/headers.ts';
import { rootSpanIdOf, traceIdOf } from '../../../shared/tracing/ids.ts';
import { inRun, step } from '../../../shared/tracing/spans.ts';

const RUN = { pipeline: 'carmila', run: '000005-3fa9c1d2' };

test('the ids of a run’s trace are the same wherever they are derived, and those of no other run', () => {
  assert.match(traceIdOf(RUN), /^[0-9a-f]{32}$/);
  assert.match(rootSpanIdOf(RUN), /^[0-9a-f]{16}$/);
  assert.equal(traceIdOf({ ...RUN }), traceIdOf(RUN));
  const others = [
    { ...RUN, pipeline: 'other' },
    { ...RUN, run: '000006-3fa9c1d2' },
  ];
  for (const other of others) {
    assert.notEqual(traceIdOf(other), traceIdOf(RUN));
    assert.notEqual(rootSpanIdOf(other), rootSpanIdOf(RUN));
  }
});

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

test('a caller’s span is read off either header, W3C’s first', () => {
  const traceparent = `00-${TRACE}-00f067aa0ba902b7-00`;
  assert.equal(callerIn({ traceparent })?.spanId, '00f067aa0ba902b7');
  const older = { 'x-cloud-trace-context': `${TRACE}/18446744073709551615;o=1` };
  assert.deepEqual([callerIn(older)?.traceId, callerIn(older)?.spanId], [TRACE, 'ffffffffffffffff']);
  assert.equal(callerIn({ ...older, traceparent })?.spanId, '00f067aa0ba902b7');
});

test('a header that names no span is as good as none', () => {
  for (const traceparent of ['', 'nonsense', `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`, `00-${TRACE}-0-01`])
    assert.equal(callerIn({ traceparent }), undefined, traceparent);
  for (const older of [TRACE, `${TRACE}/0;o=1`, `${TRACE}/x`])
    assert.equal(callerIn({ 'x-cloud-trace-context': older }), undefined, older);
  assert.equal(callerIn({}), undefined);
});

test('without an exporter a step is its work and no more: its value, and its failure', async () => {
  assert.equal(await step('freeze', () => Promise.resolve(7)), 7);
  const broken = new Error('broken');
  const work = () => inRun(RUN, 'start-run', () => Promise.reject(broken));
  await assert.rejects(work, (error) => error === broken);
});

const START_MS = Date.UTC(2026, 10, 21);

const span = (spanId: string, parentSpanId: string | undefined, more: Partial<Span> = {}): Span => ({
  traceId: TRACE,
  spanId,
  ...(parentSpanId === undefined ? {} : { parentSpanId }),
  name: spanId,
  component: 'start-run',
  startMs: START_MS,
  endMs: START_MS + 1000,
  attributes: {},
  exceptions: [],
  links: [],
  ...more,
});

test('a span whose parent was not sent is a root, so that a run in progress can be shown', () => {
  const roots = branchesOf([span('freeze', 'start-run'), span('start-run', 'never sent')]);
  assert.deepEqual(
    roots.map(({ span: { name }, branches }) => [name, branches.map((branch) => branch.span.name)]),
    [['start-run', ['freeze']]],
  );
});

test('a crowd of one name is one branch over its whole time, but a failed span stands alone', () => {
  const weeks = Array.from({ length: 10 }, (_, index) =>
    span(`w${index}`, 'learn', {
      name: 'week',
      startMs: START_MS + index * 100,
      endMs: START_MS + index * 100 + 150,
      ...(index === 3 ? { failure: 'out of memory' } : {}),
    }),
  );
  const [learn] = branchesOf([span('learn', undefined), ...weeks]);
  assert.deepEqual(
    learn?.branches.map(({ count, startMs, endMs }) => [count, startMs - START_MS, endMs - START_MS]),
    [
      [9, 0, 1050],
      [1, 300, 450],
    ],
  );
});

test('the tree shows offsets, durations, components, outcomes and failures, in plain text', () => {
  const text = traceText(
    'the trace of a run:',
    [
      span('run', undefined, { attributes: { 'sluice.outcome': 'published', 'sluice.rows': 172 } }),
      span('start-run', 'run', {
        startMs: START_MS + 250,
        endMs: START_MS + 750,
        failure: 'no answer\nat x',
      }),
      span('freeze', 'start-run', { startMs: START_MS + 500, endMs: START_MS + 500 }),
    ],
    false,
  ).text;
  const lines = text.split('\n').map((line) => line.replace(/ +/g, ' '));
  assert.deepEqual(lines, [
    'the trace of a run:',
    `run start-run 0.000 s 1.000 s ${'█'.repeat(32)} published, 172 rows`,
    `└ start-run start-run 0.250 s 0.500 s ${'█'.repeat(16)} ✖`,
    ' no answer',
    ' └ freeze start-run 0.500 s 0.000 s █',
  ]);
});

test('the tree is no wider than a narrow terminal, which shows outcomes below and no bars', () => {
  const attributes = { 'sluice.outcome': 'published', 'sluice.rows': 172 };
  const below = span('a step whose name is longer than its column is', 'run', { failure: 'no answer' });
  const spans = [span('run', undefined, { attributes }), below];
  for (const width of [80, 120, 200]) {
    const lines = traceText('the trace:', spans, false, width).text.split('\n');
    assert.deepEqual(
      lines.filter((line) => line.length > width),
      [],
    );
    assert.equal(lines.join('\n').includes('█'), width > 80, `bars in ${width} columns`);
    assert.match(lines.join('\n'), /published, 172 rows/);
  }
});
