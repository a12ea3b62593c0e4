// What the screens of requests, models, costs and rights make of what is recorded: pure decisions.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { executionsIn, finishedIn } from '../../../functions/console/reading/actuals.ts';
import type { PublicationShown } from '../../../functions/console/reading/ledger.ts';
import { lineOf } from '../../../functions/console/reading/line.ts';
import { pinIn, versionsIn } from '../../../functions/console/reading/models.ts';
import { rolesOf } from '../../../functions/console/reading/people.ts';
import { bikes } from '../../../pipelines/bikes.ts';
import { forecastWhatIf } from '../../../pipelines/forecast-what-if.ts';
import type { ObjectInfo } from '../../../shared/objects/store.ts';
import type { DispatchState } from '../../../shared/requests/dispatch.ts';
import type { Entry } from '../../../shared/requests/queue.ts';

const NOW = Date.UTC(2026, 10, 27, 12);
const at = (minutes: number) => NOW + minutes * 60_000;

const entry = (run: string, owner: string, minutes: number, cost: number): Entry => ({
  ...{ run, owner, cost, priority: 5, approval: 'none', acceptedAtMs: at(minutes), expiresAtMs: at(9999) },
  ...{ object: run, generation: '1', createdAtMs: at(minutes) },
});
const slot = (run: string, owner: string) => ({
  ...{ run, owner, attempt: 1, cost: 0.5, since: new Date(NOW).toISOString() },
});
const state = (given: Partial<DispatchState>): DispatchState => ({
  ...{ n: 1, token: 't', at: new Date(NOW).toISOString(), slots: [], deficits: {}, cursor: null },
  ...{ spending: { day: '2026-11-27', owners: {} }, history: [] },
  ...given,
});

describe('a queue', () => {
  const line = lineOf(
    state({ slots: [slot('r1', 'ada')], spending: { day: '2026-11-27', owners: { cyd: 2, ada: 1 } } }),
    [
      entry('r1', 'ada', -9, 0.5),
      entry('r2', 'bob', -3, 1),
      entry('r3', 'bob', -5, 2),
      entry('r4', 'ada', -4, 3),
    ],
    NOW,
  );

  test('has those who wait longest first, and then those who have only spent', () => {
    assert.deepEqual(
      line.owners.map(({ owner, waiting, executing, expected, spent }) => [
        owner,
        waiting,
        executing,
        expected,
        spent,
      ]),
      [
        ['bob', 2, 0, 3, 0],
        ['ada', 1, 1, 3, 1],
        ['cyd', 0, 0, 0, 2],
      ],
    );
    assert.equal(line.owners[0]?.since, new Date(at(-5)).toISOString());
    assert.equal(line.owners[2]?.since, null);
  });

  test('shows no entry twice: what has a slot does not wait', () => {
    assert.deepEqual(
      line.waiting.map(({ run }) => run),
      ['r3', 'r2', 'r4'],
    );
    assert.equal(line.spentToday, 3);
  });

  test('forgets the spending of another day, and is empty before the first decision', () => {
    const tomorrow = lineOf(state({ spending: { day: '2026-11-26', owners: { ada: 9 } } }), [], NOW);
    assert.deepEqual([tomorrow.day, tomorrow.spentToday, tomorrow.owners], ['2026-11-27', 0, []]);
    assert.deepEqual(lineOf(undefined, [], NOW).slots, []);
  });
});

const info = (name: string, minutes: number): ObjectInfo => ({
  ...{ name, generation: '1', sizeBytes: 1, md5: undefined, crc32c: '', contentType: '', metadata: {} },
  ...{ createdAtMs: at(minutes), customTimeMs: undefined },
});

describe('an execution', () => {
  const SIZE = { cpu: 2, memory: '4Gi' } as const;
  const run = '000001-aaaaaaaa';

  test('lasts until its manifest; without one until the next attempt, or the end of its run', () => {
    const steps = [
      info(`p/${run}/execution-1-started.json`, 0),
      info(`p/${run}/execution-2-started.json`, 3),
      info(`p/${run}/outcome.json`, 20),
      info('p/000002-bbbbbbbb/execution-1-started.json', 30),
      info('p/000002-bbbbbbbb/outcome.json', 31),
      info('p/000003-cccccccc/execution-1-started.json', 40),
      info('p/state.json', 50),
    ];
    const outputs = [info(`p/${run}/attempt-2/output.json`, 5)];
    const found = executionsIn(steps, outputs, SIZE);
    assert.deepEqual(
      found.map((each) => [each.run, each.attempt, each.seconds]),
      [
        ['000002-bbbbbbbb', 1, 60],
        [run, 2, 120],
        [run, 1, 180],
      ],
    );
    // 2 vCPU and 4 GiB: $0.000044 a second.
    assert.deepEqual(
      found.map(({ cost }) => cost),
      [0.00264, 0.00528, 0.00792],
    );
  });

  test('of a requested run is remembered by the dispatch, and a short one costs a minute', () => {
    const history = [{ units: 1, seconds: 5, endedAt: new Date(NOW).toISOString() }];
    assert.deepEqual(
      finishedIn(state({ history }), SIZE).map(({ cost, run: id }) => [cost, id]),
      [[0.00264, null]],
    );
    assert.deepEqual(finishedIn(undefined, SIZE), []);
  });
});

const shown = (ordinal: number, kind: string, champion: string, isPinned: boolean): PublicationShown => ({
  ...{ id: `e${ordinal}`, ordinal, kind, run: champion, attempt: 1, rows: 0, dataAsOf: null, gate: 'none' },
  ...{ gateDetail: null, by: kind === 'pin' ? 'ada' : null, reason: null },
  publishedAt: new Date(at(ordinal)).toISOString(),
  outputs: [
    {
      kind: 'model',
      output: 'reg',
      publication: `p-${champion}`,
      run: champion,
      files: [],
      pinned: isPinned,
    },
  ],
});

describe('a model', () => {
  const entries = [
    shown(5, 'run', '000002-b', true),
    shown(4, 'pin', '000002-b', true),
    shown(3, 'run', '000002-b', false),
    shown(2, 'pin', '000001-a', true),
    shown(1, 'run', '000001-a', false),
  ];

  test('has its versions newest first, each with the entry that made it current', () => {
    assert.deepEqual(
      versionsIn(entries, 'reg').map(({ publication, entry: of, madeBy }) => [publication, of, madeBy]),
      [
        ['p-000002-b', 'e3', 'run'],
        ['p-000001-a', 'e1', 'run'],
      ],
    );
    assert.deepEqual(versionsIn(entries, 'other'), []);
  });

  test('is pinned by the entry since which it has been so', () => {
    assert.deepEqual(pinIn(entries, 'reg'), {
      isPinned: true,
      pin: { by: 'ada', reason: null, at: entries[1]?.publishedAt },
    });
    assert.deepEqual(pinIn(entries.slice(2), 'reg'), { isPinned: false, pin: null });
    assert.equal(pinIn(entries.slice(0, 1), 'reg').pin?.at, entries[0]?.publishedAt, 'as far as is known');
    assert.deepEqual(pinIn([], 'reg'), { isPinned: false, pin: null });
  });
});

describe('the roles of people', () => {
  const ports = {
    operators: ['grace@example.org'],
    people: {
      readers: ['group:analysts@example.org', 'user:bob@example.org'],
      requesters: new Map([
        [
          'forecast-what-if',
          {
            callers: [
              { kind: 'address', address: 'carol@example.org' },
              { kind: 'domain', domain: 'example.com' },
            ] as const,
            approvers: [],
          },
        ],
      ]),
    },
    pipelines: new Map([bikes, forecastWhatIf].map((each) => [each.name, each])),
  };

  test('show a reader whom to ask, and no other address', () => {
    const text = JSON.stringify(rolesOf(ports, false));
    assert.ok(text.includes('grace@example.org'));
    assert.ok(!/analysts|bob|carol/.test(text), text);
    const callers = rolesOf(ports, false).find(({ role }) => role === 'callers');
    assert.deepEqual([callers?.who, callers?.count], [null, { addresses: 1, others: 1 }]);
  });

  test('show an operator every list that the console knows, and name the settings of the others', () => {
    const roles = rolesOf(ports, true);
    const of = (role: string) => roles.find((each) => each.role === role);
    assert.deepEqual(of('callers')?.who, ['carol@example.org', 'domain:example.com']);
    assert.deepEqual([of('approvers')?.who, of('approvers')?.count], [[], { addresses: 0, others: 0 }]);
    assert.deepEqual(
      [of('service-callers')?.setting, of('service-callers')?.count, of('stack-operators')?.setting],
      ['bikes:callers', undefined, 'sluice:operators'],
    );
  });
});
