// Where a pipeline stands: each condition from what was recorded, and which one counts where several hold.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { nextPollMs } from '../../../functions/console/reading/next-poll.ts';
import { stepsOfPipeline } from '../../../functions/console/next-steps.ts';
import { standingOf, type Condition } from '../../../functions/console/reading/standing.ts';
import { carmila } from '../../../pipelines/carmila.ts';
import type { PipelineStatus, RunSummary } from '../../../shared/history/history.ts';
import { toJson } from '../../../shared/objects/json.ts';
import { isWatch } from '../../../shared/pipelines/pipeline.ts';
import { stateObject } from '../../../shared/runs/names.ts';
import { readState, type RunRequest } from '../../../shared/runs/state.ts';
import { ConsolePlace } from './console-place.ts';

assert.ok(isWatch(carmila));
const NOW = Date.parse('2026-11-27T12:20:00Z');
const RUN = '000005-3fa9c1d2';
const at = (hoursAgo: number): string => new Date(NOW - hoursAgo * 3_600_000).toISOString();

const request: RunRequest = {
  ...{ pipeline: 'carmila', run: RUN, sequence: 5, revision: '3fa9c1d2', snapshot: [], requestedAt: at(2) },
  ...{ nonce: null, cause: { kind: 'schedule', by: 'scheduler', reason: null } },
};
const STATUS: PipelineStatus = {
  ...{ newest: request, poll: undefined, notes: [], paused: undefined, holder: undefined },
  ...{ attempt: undefined, queued: undefined, staleSince: undefined },
};
const endedAs = (outcome: RunSummary['status'], endedAt = at(1)): RunSummary => ({
  ...{ run: RUN, status: outcome, code: null, requested: undefined, republished: undefined },
  outcome: {
    ...{ pipeline: 'carmila', run: RUN, outcome: outcome as 'held', code: null, reason: 'Why.' },
    ...{ attempt: 1, rows: null, at: endedAt },
  },
});
const open: RunSummary = {
  ...{ run: RUN, status: 'requested', code: null, requested: undefined },
  ...{ outcome: undefined, republished: undefined },
};
const paused = { command: 'c', by: 'ada', reason: 'audit', at: at(3) };
const poll = { outcome: 'waiting-incomplete', code: null, reason: 'A file is missing.', at: at(0) } as const;

const CASES: readonly (readonly [string, Partial<PipelineStatus>, RunSummary | undefined, Condition])[] = [
  ['nothing was observed', { newest: undefined }, undefined, 'never'],
  ['the newest run is published', {}, endedAs('published'), 'fresh'],
  ['a run executes', { holder: RUN, attempt: 1 }, open, 'running'],
  ['a run waits for its start', {}, open, 'queued'],
  ['the newest run is held', {}, endedAs('held'), 'held'],
  ['the newest run failed', {}, endedAs('failed'), 'failed'],
  ['the newest run failed a check', {}, endedAs('quarantined'), 'failed'],
  ['the newest run was cancelled', {}, endedAs('cancelled'), 'failed'],
  ['it is paused', { paused }, endedAs('published'), 'paused'],
  ['a file is missing', { poll }, endedAs('published'), 'waiting'],
  ['a change was observed', { staleSince: at(0.5) }, endedAs('published', at(1)), 'stale'],
  [
    'the run that was published shows the change',
    { staleSince: at(2) },
    endedAs('published', at(1)),
    'fresh',
  ],
  ['the source cannot be used since', { staleSince: at(2), poll }, endedAs('published', at(1)), 'waiting'],
  [
    'a change is older than the objective',
    { staleSince: at(27), poll },
    endedAs('published', at(30)),
    'overdue',
  ],
  ['it is overdue and paused', { staleSince: at(27), paused }, endedAs('published', at(30)), 'overdue'],
  ['it failed while it is paused', { paused }, endedAs('failed'), 'failed'],
  ['a run executes after a failure', { holder: RUN }, endedAs('failed'), 'running'],
];

describe('a pipeline stands as', () => {
  for (const [what, status, newest, expected] of CASES)
    test(`${expected}: ${what}`, () => {
      const standing = standingOf(carmila, { ...STATUS, ...status }, newest, NOW);
      assert.equal(standing.condition, expected);
      assert.equal(standing.isOverdue, expected === 'overdue');
    });

  test('paused: it is not polled, and says by whom and why', () => {
    const standing = standingOf(carmila, { ...STATUS, paused }, endedAs('published'), NOW);
    assert.equal(standing.nextPollAt, null);
    assert.equal(standing.reason, 'ada: audit');
    assert.equal(standing.since, paused.at);
  });
});

describe('the next poll', () => {
  const next = (cron: string, from: string): string | undefined => {
    const found = nextPollMs(cron, Date.parse(from));
    return found === undefined ? undefined : new Date(found).toISOString();
  };
  test('is the first minute after now that the schedule names', () => {
    assert.equal(next('0 * * * *', '2026-11-27T12:20:00Z'), '2026-11-27T13:00:00.000Z');
    assert.equal(next('0 * * * *', '2026-11-27T13:00:00Z'), '2026-11-27T14:00:00.000Z');
    assert.equal(next('30 6 * * 1', '2026-11-27T13:00:00Z'), '2026-11-30T06:30:00.000Z');
    assert.equal(next('0 0 29 2 *', '2026-11-27T13:00:00Z'), '2028-02-29T00:00:00.000Z');
    assert.equal(next('0 0 1 * 1', '2026-11-27T13:00:00Z'), '2026-11-30T00:00:00.000Z', 'either day');
  });
  test('is none for a day that no year has', () => {
    assert.equal(next('0 0 31 2 *', '2026-11-27T13:00:00Z'), undefined);
  });
});

describe('the next step', () => {
  const linesOf = (status: Partial<PipelineStatus>, newest: RunSummary | undefined) =>
    stepsOfPipeline(standingOf(carmila, { ...STATUS, ...status }, newest, NOW)).map(
      ({ verb, line }) => verb ?? line.replace(/^.*-- /, '').replace(/ .*/, ''),
    );

  for (const [what, status, newest, expected] of [
    ['failed', {}, endedAs('failed'), ['run', 'log']],
    ['failed, paused', { paused }, endedAs('failed'), ['resume', 'log']],
    ['held, paused', { paused }, endedAs('held'), ['resume', 'release', 'report']],
    ['overdue, paused', { staleSince: at(27), paused }, endedAs('published', at(30)), ['resume']],
    ['running, paused', { holder: RUN, paused }, open, ['resume', 'cancel', 'hold']],
    ['paused', { paused }, endedAs('published'), ['resume']],
    ['a file is missing', { poll }, endedAs('published'), ['tick']],
  ] as const)
    test(`${what}: ${expected.join(', ')}; nothing that a pause refuses`, () => {
      assert.deepEqual(linesOf(status, newest), expected);
    });

  test('a pause is shown with by whom and why beside what failed', () => {
    const standing = standingOf(carmila, { ...STATUS, paused }, endedAs('failed'), NOW);
    assert.equal(standing.reason, 'Why.');
    assert.deepEqual(standing.paused, { by: 'ada', reason: 'audit', at: paused.at });
  });

  for (const [path, failed] of [
    ['/', /The newest run published nothing\./],
    ['/p/carmila', /The newest run published nothing\./],
    ['/p/carmila/commands/new/resume', /The newest run published nothing\./],
    ['/p/carmila/runs/000002-3fa9c1d2', /<span class="state bad">failed<\/span>/],
  ] as const)
    test(`${path} shows both: that the newest run failed, and the pause`, async () => {
      const place = await ConsolePlace.open([carmila]);
      await place.publish('carmila', 2, { failed: (sequence) => sequence === 2 });
      const state = await readState(place.runs, 'carmila');
      assert.ok(state);
      const changed = { ...state.value, paused: { ...paused, reason: 'the <b>audit</b>' } };
      const { generation } = state;
      await place.runs.replace(stateObject('carmila'), generation, toJson(changed), 'application/json');
      const text = Buffer.from((await place.get(path)).bytes).toString();
      assert.match(text, failed);
      assert.match(text, /No new run starts\.\s*<bdi>ada: the &lt;b&gt;audit&lt;\/b&gt;<\/bdi>/);
      assert.doesNotMatch(text, /commands\/new\/run/);
      assert.match(text, /commands\/new\/resume/);
    });
});
