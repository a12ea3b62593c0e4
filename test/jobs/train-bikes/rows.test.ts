// One row at a time: counts, times, names, quotes and lines, in every way in which people write them.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { countOf } from '../../../jobs/train-bikes/reading/count.ts';
import { placeOf } from '../../../jobs/train-bikes/reading/coordinates.ts';
import { momentOf } from '../../../models/bikes/moment.ts';
import { counterKey, counterName } from '../../../models/bikes/counter-name.ts';
import { csv, GOOD, HEADER, hourOf, messagesOf, notesOf, read, valuesBeside, valuesOf } from './exports.ts';

describe('counts', () => {
  const cases: readonly (readonly [string, number | string])[] = [
    ['0', 0],
    ['0012', 12],
    [' 8 ', 8],
    ['+9', 9],
    ['"7"', 7],
    ['12,0', 12],
    ['12.00', 12],
    ['1 250', 1250],
    ['1\u202f250', 1250],
    ['10000', 10_000],
    ['10001', 'absurd-count'],
    ['99999999', 'absurd-count'],
    ['-1', 'negative-count'],
    ['\u22123', 'negative-count'],
    ['-0', 0],
    ['12.5', 'unreadable-count'],
    ['1,250', 'unreadable-count'],
    ['12 50', 'unreadable-count'],
    ['1e2', 'unreadable-count'],
    ['0x10', 'unreadable-count'],
    ['∞', 'unreadable-count'],
    ['douze', 'unreadable-count'],
    ['9'.repeat(400), 'unreadable-count'],
    ['', 'count-not-reported'],
    ['N/A', 'count-not-reported'],
    ['NaN', 'count-not-reported'],
    ['null', 'count-not-reported'],
  ];
  for (const [text, expected] of cases)
    test(`"${text.slice(0, 20)}" is ${expected}`, () => assert.equal(countOf(text), expected));
});

describe('times', () => {
  const hour = (iso: string, form: string) => ({ kind: 'hour', hour: hourOf(iso), minutes: 0, form });
  const cases: readonly (readonly [string, object])[] = [
    ['2021-06-15T18:00:00+02:00', hour('2021-06-15T16:00Z', 'offset')],
    ['2021-06-15 18:00:00+0200', hour('2021-06-15T16:00Z', 'offset')],
    ['2021-06-15T16:00:00.000Z', hour('2021-06-15T16:00Z', 'offset')],
    ['2021-06-15T18:00', hour('2021-06-15T16:00Z', 'local')],
    ['2021-01-15 18:00:00', hour('2021-01-15T17:00Z', 'local')],
    ['15/06/2021 18:00', hour('2021-06-15T16:00Z', 'local')],
    ['15/06/21 18h00', hour('2021-06-15T16:00Z', 'local')],
    ['15/06/21 18h', hour('2021-06-15T16:00Z', 'local')],
    ['1623772800', hour('2021-06-15T16:00Z', 'epoch')],
    ['1623772800000', hour('2021-06-15T16:00Z', 'epoch')],
    ['44362.75', hour('2021-06-15T16:00Z', 'serial')],
    ['44362,291667', hour('2021-06-15T05:00Z', 'serial')],
    // The clocks go forward at 02:00, and back at 03:00.
    ['2021-03-28T02:30', { kind: 'absent' }],
    ['2021-03-28T02:30:00+01:00', { ...hour('2021-03-28T01:00Z', 'offset'), minutes: 30 }],
    ['2021-03-28T03:00', hour('2021-03-28T01:00Z', 'local')],
    ['2020-10-25 02:00', { ...hour('2020-10-25T00:00Z', 'local'), kind: 'doubled' }],
    ['2020-10-25 03:00', hour('2020-10-25T02:00Z', 'local')],
    ['2021-02-30T10:00:00+01:00', { kind: 'unreadable' }],
    ['30/02/2021 10:00', { kind: 'unreadable' }],
    ['06/15/2021 10:00', { kind: 'unreadable' }],
    ['2021-06-15T24:00', { kind: 'unreadable' }],
    ['2021-06-15T10:00:00+99:00', { kind: 'unreadable' }],
    ['2021-06-15', { kind: 'unreadable' }],
    ['hier 18h', { kind: 'unreadable' }],
    ['', { kind: 'unreadable' }],
  ];
  for (const [text, expected] of cases)
    test(`"${text}" is ${JSON.stringify(expected)}`, () => assert.deepEqual(momentOf(text), expected));
});

test('a doubled name is the name, and a name is known whatever its accents, case and spaces', () => {
  const doubled = 'Face au 48 quai de la marne Face au 48 quai de la marne Vélos NE-SO';
  assert.equal(counterName(doubled), 'Face au 48 quai de la marne NE-SO');
  assert.equal(counterName('Rue A Rue A N-S'), 'Rue A Rue A N-S');
  assert.equal(
    counterKey('18 QUAI DE L’HOTEL  DE VILLE no-se'),
    counterKey("18 quai de l'Hôtel de Ville NO-SE"),
  );
});

test('coordinates in any order and with any brackets give a place near Paris, and no other', () => {
  const place = { latitude: 48.846028, longitude: 2.375429 };
  for (const text of [
    '48.846028,2.375429',
    '2.375429, 48.846028',
    '[48.846028, 2.375429]',
    '48,846028 2,375429',
    'POINT(2.375429 48.846028)',
  ])
    assert.deepEqual(placeOf(text), place, text);
  for (const text of ['', '0,0', '48.846028', '40.7,-74.0', '1,2,3', 'NaN,NaN', `${'4'.repeat(400)},2`])
    assert.equal(placeOf(text), undefined, text);
});

test('rows that cannot be used are dropped by reason, and the others are kept', async () => {
  const found = await read(
    csv(
      ...GOOD,
      'A;1;2021-01-01T00:30:00Z',
      ';1;2021-01-01T00:00:00Z',
      'B;1;2031-01-01T00:00:00Z',
      'C;;2021-01-01T00:00:00Z',
      'D;4;2021-03-28 02:00',
      'Total;4950;',
      'E;5;2021-01-01T00:00:00Z',
    ),
  );
  assert.ok(found.kind === 'read', messagesOf(found).join('\n'));
  assert.deepEqual(found.dropped, {
    'no-counter': 1,
    'time-out-of-range': 1,
    'not-a-full-hour': 1,
    'count-not-reported': 1,
    'no-such-hour': 1,
    'total-line': 1,
  });
  assert.deepEqual(valuesBeside(found), ['E 2021-01-01T00 5']);
  // A counter without a row that counts is none.
  assert.deepEqual(
    found.observations.counters.map(({ name }) => name),
    ['E', 'Pont de Bercy'],
  );
});

test('exactly 5 % of malformed rows are dropped, and one more refuses the file', async () => {
  const bad = (count: number) => Array.from({ length: count }, () => 'A;viele;2021-01-01T00:00:00Z');
  const most = await read(csv(...GOOD.slice(0, 95), ...bad(5)));
  assert.deepEqual(most.kind === 'read' && most.dropped, { 'unreadable-count': 5 });
  const found = await read(csv(...GOOD.slice(0, 95), ...bad(6)));
  assert.deepEqual(messagesOf(found).slice(0, 2), [
    'counts.csv: found 6 of 101 rows malformed (5.9 %: 6 unreadable-count); expected at most 5 %',
    'counts.csv, line 97, column "Comptage horaire": found "viele"; expected a whole number',
  ]);
});

test('a quote that never closes costs its own line, with and without another one after it', async () => {
  const after = ['A;1;2021-01-01T00:00:00Z', 'B;2;2021-01-01T00:00:00Z'];
  for (const broken of ['"Q;1;2021-01-01T00:00:00Z', 'Q;1;"2021-01-01T00:00:00Z']) {
    const one = await read(csv(broken, ...after, ...GOOD));
    assert.deepEqual(one.kind === 'read' && one.dropped, { 'unclosed-quote': 1 });
    assert.deepEqual(valuesBeside(one), ['A 2021-01-01T00 1', 'B 2021-01-01T00 2']);
    const two = await read(csv(broken, ...after, broken, ...GOOD, broken));
    assert.deepEqual(two.kind === 'read' && two.dropped, { 'unclosed-quote': 3 });
    assert.deepEqual(valuesBeside(two), ['A 2021-01-01T00 1', 'B 2021-01-01T00 2']);
  }
});

test('a file of broken quotes alone is refused in time', async () => {
  const broken = Array.from({ length: 30_000 }, (_, index) => `a"b${index};"c;2021-01-01T00:00:00Z`);
  const odd = Array.from({ length: 30_000 }, (_, index) => `"a${index};1;2021-01-01T00:00:00Z`);
  const [message] = messagesOf(await read(csv(...GOOD, ...broken, ...odd)));
  assert.match(message ?? '', /found 60000 of 60100 rows malformed \(99\.8 %: 60000 unclosed-quote\)/);
});

test('quotes may stand around every field, and hold separators, quotes and line breaks', async () => {
  const quoted = (row: string) =>
    row
      .split(';')
      .map((field) => `"${field}"`)
      .join(';');
  const rows = ['"A;""B""\nC";1;2021-01-01T00:00:00Z', ...GOOD.map(quoted), '"D";"2";"2021-01-01T00:00:00Z"'];
  const found = await read(csv(...rows).replace(HEADER, quoted(HEADER)));
  assert.deepEqual(found.kind === 'read' && found.dropped, {});
  assert.deepEqual(valuesBeside(found), ['A;B C 2021-01-01T00 1', 'D 2021-01-01T00 2']);
});

test('a line that is too long is dropped, and the next one is read', async () => {
  const found = await read(csv(`A;1;${'2'.repeat(300_000)}`, 'B;2;2021-01-01T00:00:00Z', ...GOOD));
  assert.deepEqual(found.kind === 'read' && found.dropped, { 'line-too-long': 1 });
  assert.deepEqual(valuesBeside(found), ['B 2021-01-01T00 2']);
});

test('a second header with other columns counts for what follows it', async () => {
  const other = 'date_et_heure_de_comptage;x;nom_du_compteur;comptage_horaire';
  const found = await read(csv(...GOOD, other, '2021-01-01T00:00:00Z;;A;7'));
  assert.deepEqual(found.kind === 'read' && found.dropped, { 'repeated-header': 1 });
  assert.deepEqual(valuesBeside(found), ['A 2021-01-01T00 7']);
});

test('lines end in any way, and Excel may say what its separator is', async () => {
  const text = csv('A;1;2021-01-01T00:00:00Z', 'B;2;2021-01-01T00:00:00Z');
  const expected = ['A 2021-01-01T00 1', 'B 2021-01-01T00 2'];
  for (const end of ['\n', '\r\n', '\r'])
    assert.deepEqual(valuesOf(await read(text.replaceAll('\n', end))), expected, JSON.stringify(end));
  assert.deepEqual(valuesOf(await read(`sep=;\n\n${text}`)), expected);
});

test('a name that an object has by itself is a name like any other', async () => {
  const found = await read(csv('__proto__;1;2021-01-01T00:00:00Z', 'constructor;2;2021-01-01T00:00:00Z'));
  assert.deepEqual(valuesOf(found), ['__proto__ 2021-01-01T00 1', 'constructor 2021-01-01T00 2']);
});

test('times without an offset, serials and numbers are noted', async () => {
  const found = await read(csv('A;1;2021-01-01 00:00', 'A;1;44362.75', 'A;1;1623769200'));
  assert.deepEqual(notesOf(found).slice(0, 3), [
    'counts.csv: 1 time without an offset: read as local time of Paris.',
    'counts.csv: 1 serial number of Excel as time: read as local time of Paris.',
    'counts.csv: 1 number as time: read as seconds or milliseconds since 1970.',
  ]);
});
