// Every form of the console: who may send it, what becomes of an answer that is lost, and what a form about models carries.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ROUTES, type ScreenRoute } from '../../../functions/console/routes.ts';
import type { Field } from '../../../functions/console/forms/form.ts';
import { recordEnd, recordIntent } from '../../../shared/commands/audit.ts';
import { done, type OperatorCommand } from '../../../shared/commands/command.ts';
import { PermanentError, TransientError } from '../../../shared/errors.ts';
import type { BytesAnswer } from '../../../shared/http/call.ts';
import { toJson } from '../../../shared/objects/json.ts';
import type { Warehouse } from '../../../shared/warehouse/warehouse.ts';
import { bikes } from '../../../pipelines/bikes.ts';
import { carmila } from '../../../pipelines/carmila.ts';
import { ConsolePlace, PERSON } from './console-place.ts';

const RUN = '000003-3fa9c1d2';
const HASH = '0123456789abcdef';
const OTHER = 'eve@example.org';

const textOf = ({ bytes }: BytesAnswer): string => Buffer.from(bytes).toString();

interface FormJson {
  readonly id: string;
  readonly seen: string;
  readonly fields: readonly Field[];
  readonly models: { readonly versions: readonly { publication: string }[]; readonly chosen: string };
}

async function formAt(place: ConsolePlace, path: string): Promise<FormJson> {
  const [plain = '', query = ''] = path.split('?');
  const answer = await place.get(`${plain}.json?${query}`);
  assert.equal(answer.status, 200, textOf(answer));
  return JSON.parse(textOf(answer)) as FormJson;
}

const filled = ({ id, seen, fields }: FormJson, ...more: readonly Field[]): readonly Field[] => [
  ['id', id],
  ['seen', seen],
  ...(fields ?? []),
  ['reason', 'a test'],
  ...more,
];

describe('every form', () => {
  const EXAMPLES: Readonly<Record<string, string>> = {
    '{pipeline}': 'carmila',
    '{run}': RUN,
    '{hash}': HASH,
    '{id}': '20261127T120000Z-3fa9c1d2',
  };
  const paths = ROUTES.filter((route) => route.method === 'POST' && 'screen' in route)
    .map(({ path }) =>
      Object.entries(EXAMPLES).reduce((text, [part, value]) => text.replace(part, value), path),
    )
    .flatMap((path) =>
      path.includes('{verb}')
        ? ['pause', 'cancel', 'plan', 'pin', 'rollback', 'redrive', 'drop'].map((verb) =>
            path.replace('{verb}', verb),
          )
        : [path],
    );

  test('is among the routes that take one', () => {
    assert.ok(paths.length >= 15, paths.join('\n'));
    const taking = ROUTES.filter(
      (route): route is ScreenRoute => 'send' in route && route.send !== undefined,
    );
    assert.ok(taking.every(({ method }) => method === 'POST'));
  });

  test('is refused with a forged, an expired and a future assertion, and from a person without rights', async () => {
    const place = await ConsolePlace.open([carmila, bikes]);
    const other = await ConsolePlace.open([carmila]);
    const wrong = {
      forged: await other.assertion(),
      cut: (await place.assertion()).slice(0, -4),
      expired: await place.assertion({ atMs: place.nowMs - 86_400_000 }),
      'of the future': await place.assertion({ atMs: place.nowMs + 3_600_000 }),
      none: '',
    };
    const fields: readonly Field[] = [
      ['id', '20261127T120000Z-3fa9c1d2'],
      ['seen', 'x'],
      ['reason', 'why'],
    ];
    for (const path of paths) {
      for (const [what, assertion] of Object.entries(wrong))
        assert.equal((await place.post(path, fields, assertion)).status, 401, `${path}: ${what}`);
      const answer = await place.post(path, fields, await place.assertion({ email: OTHER }));
      // A record or a plan that does not exist is not found before it is known whose form it is.
      assert.ok([403, 404].includes(answer.status), `${path}: ${answer.status}`);
      if (answer.status === 403) assert.match(textOf(answer), /sluice:consoleOperators/, path);
    }
  });
});

/** handle-commands, which records each command; `lost`: its answer does not arrive. */
function handling() {
  const sent: OperatorCommand[] = [];
  const mesh = {
    place: undefined as ConsolePlace | undefined,
    lost: false,
    ends: true,
    fails: undefined as Error | undefined,
    by: PERSON,
  };
  const send = async (command: OperatorCommand) => {
    sent.push(command);
    if (mesh.fails !== undefined) throw mesh.fails;
    assert.ok(mesh.place);
    const { audit, nowMs } = mesh.place;
    const at = new Date(nowMs).toISOString();
    await recordIntent(audit, { command, by: mesh.by, at, through: 'console' });
    const result = done('It is done.');
    if (mesh.ends) await recordEnd(audit, command, result, at);
    if (mesh.lost) throw new TransientError('no answer');
    return result;
  };
  return { sent, mesh, send };
}

async function openPlace() {
  const handled = handling();
  const place = await ConsolePlace.open([carmila], undefined, { send: handled.send });
  handled.mesh.place = place;
  await place.publish('carmila', 3);
  return { place, ...handled };
}

const PAUSE = '/p/carmila/commands/new/pause';

describe('a command whose answer is lost', () => {
  test('shows its record, and the same command again finishes it', async () => {
    const { place, mesh, sent } = await openPlace();
    Object.assign(mesh, { lost: true, ends: false });
    const answer = await place.post(PAUSE, filled(await formAt(place, PAUSE)));
    assert.equal(answer.status, 303, textOf(answer));
    const record = answer.headers['location'] ?? '';
    assert.match(textOf(await place.get(record)), /not finished[^]*Send the same command again/);
    Object.assign(mesh, { lost: false, ends: true });
    assert.equal((await place.post(record, [])).headers['location'], record);
    assert.deepEqual(sent[1], sent[0]);
    const after = textOf(await place.get(record));
    assert.ok(after.includes('done: It is done.') && !after.includes('Send the same command again'));
    await place.post(record, []);
    assert.equal(sent.length, 2, 'a command that has ended is not sent again');
  });

  test('is finished by no one else, and not after fifteen minutes', async () => {
    const { place, mesh, sent } = await openPlace();
    Object.assign(mesh, { ends: false, by: OTHER });
    const record = (await place.post(PAUSE, filled(await formAt(place, PAUSE)))).headers['location'] ?? '';
    assert.equal((await place.post(record, [])).status, 409);
    Object.assign(mesh, { by: PERSON });
    place.nowMs += 1000;
    const own = (await place.post(PAUSE, filled(await formAt(place, PAUSE)))).headers['location'] ?? '';
    place.nowMs += 15 * 60_000;
    const late = await place.post(own, []);
    assert.equal(late.status, 409);
    assert.match(textOf(late), /--command /);
    assert.ok(!textOf(await place.get(own)).includes('Send the same command again'));
    assert.equal(sent.length, 2);
  });

  test('is a failure where nothing is recorded, and a refusal is never taken for one that was lost', async () => {
    const { place, mesh } = await openPlace();
    mesh.fails = new TransientError('no answer');
    assert.equal((await place.post(PAUSE, filled(await formAt(place, PAUSE)))).status, 503);
    mesh.fails = new PermanentError('not you', { code: 'CALLER_NOT_ALLOWED' });
    assert.equal((await place.post(PAUSE, filled(await formAt(place, PAUSE)))).status, 403);
  });
});

describe('a form about models', () => {
  const model = (output: string, publication: string) => ({
    ...{ kind: 'model', output, publication, run: publication.slice(6), files: [], pinned: false },
  });
  const entry = (ordinal: number) => {
    const id = `bikes-00000${ordinal}-3fa9c1d2`;
    return {
      ...{ publication_id: id, ordinal, kind: 'run', run: id.slice(6), row_count: 0 },
      outputs: JSON.stringify([model('reg', id), model('class', id)]),
      ...{ requested_at: null, written_at: null, published_at: '2026-11-20T00:00:00.000Z' },
    };
  };

  async function openModels() {
    const entries = [entry(1), entry(2), entry(3)];
    const warehouse: Warehouse = {
      quoted: ({ dataset, table }) => `${dataset}.${table}`,
      query: () => Promise.resolve(entries),
      load: () => Promise.reject(new Error('nothing is loaded')),
      script: () => Promise.reject(new Error('no script is run')),
      drop: () => Promise.reject(new Error('nothing is dropped')),
    };
    const handled = handling();
    const place = await ConsolePlace.open([bikes], undefined, { send: handled.send, warehouse });
    handled.mesh.place = place;
    return { place, entries, ...handled };
  }
  const ROLLBACK = '/p/bikes/commands/new/rollback?model=reg';

  test('offers the versions before the current one, and carries which one it replaces', async () => {
    const { place, sent } = await openModels();
    const form = await formAt(place, ROLLBACK);
    assert.deepEqual(
      form.models.versions.map(({ publication }) => publication),
      ['bikes-000002-3fa9c1d2', 'bikes-000001-3fa9c1d2'],
    );
    assert.equal(form.models.chosen, 'bikes-000002-3fa9c1d2');
    const answer = await place.post(ROLLBACK, filled(form, ['to', 'bikes-000001-3fa9c1d2']));
    assert.equal(answer.status, 303, textOf(answer));
    const { model: name, to, replaces, run } = sent[0] as OperatorCommand & { verb: 'rollback' };
    assert.deepEqual(
      [name, to, replaces, run],
      ['reg', 'bikes-000001-3fa9c1d2', 'bikes-000003-3fa9c1d2', '000003-3fa9c1d2'],
    );
  });

  test('is stale once another entry stands in the ledger', async () => {
    const { place, entries, sent } = await openModels();
    const forms = await Promise.all(
      ['pin', 'unpin'].map((verb) => formAt(place, `/p/bikes/commands/new/${verb}`)),
    );
    const rollback = await formAt(place, ROLLBACK);
    entries.push(entry(4));
    for (const [verb, form] of [
      ['pin', forms[0]],
      ['unpin', forms[1]],
      ['rollback', rollback],
    ] as const)
      assert.equal(
        (await place.post(`/p/bikes/commands/new/${verb}`, filled(form!, ['to', 'bikes-000001-3fa9c1d2'])))
          .status,
        409,
        verb,
      );
    assert.deepEqual(sent, []);
  });

  test('accepts no version and no model that has the wrong form', async () => {
    const { place, sent } = await openModels();
    const form = await formAt(place, ROLLBACK);
    assert.equal((await place.post(ROLLBACK, filled(form, ['to', '../x']))).status, 400);
    assert.equal((await place.post(ROLLBACK, filled(form))).status, 400);
    for (const path of ['/p/bikes/commands/new/rollback', '/p/bikes/commands/new/rollback?model=<b>'])
      assert.equal((await place.get(path)).status, 404, path);
    assert.deepEqual(sent, []);
  });

  test('pins what is current', async () => {
    const { place, sent } = await openModels();
    const path = '/p/bikes/commands/new/pin';
    assert.equal((await place.post(path, filled(await formAt(place, path)))).status, 303);
    assert.deepEqual(
      { ...sent[0], id: '' },
      { verb: 'pin', pipeline: 'bikes', run: '000003-3fa9c1d2', reason: 'a test', id: '' },
    );
    assert.match(textOf(await place.get('/p/bikes/commands')), /commands\/new\/rollback/);
  });
});

test('a plan of thousands of objects is a page of fifty, and each page has its own', async () => {
  const place = await ConsolePlace.open([carmila]);
  await place.publish('carmila', 3);
  const outputs = Array.from({ length: 5_000 }, (_, index) => ({
    object: `f-${index}`,
    generation: '1',
    crc32c: 'x',
  }));
  const plan = {
    ...{
      hash: HASH,
      pipeline: 'carmila',
      run: RUN,
      kind: 'replay',
      expectedLatest: null,
      outputs,
      tables: [],
    },
    ...{ files: [{ output: 'maps', added: 4_999, removed: 1, changed: 0 }], bytes: null },
  };
  await place.runs.create(`carmila/${RUN}/plan-${HASH}.json`, toJson(plan), 'application/json');
  const path = `/p/carmila/runs/${RUN}/plans/${HASH}`;
  const first = textOf(await place.get(path));
  assert.ok(
    first.length < 60_000 && first.includes('1 / 100') && first.includes('f-49') && !first.includes('f-50<'),
  );
  assert.match(textOf(await place.get(`${path}?page=100`)), /f-4999/);
  assert.match(
    textOf(await place.get(`${path}?page=101`)),
    /101 \/ 100/,
    'a page behind the last leads back',
  );
  assert.equal((await place.get(`${path}?page=x`)).status, 400);
});
