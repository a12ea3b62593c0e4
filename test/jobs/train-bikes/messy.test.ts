// Every messy file of the shared data: what is read of it, what is dropped and why, or why it is refused.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { describe, test } from 'node:test';
import type { Dropped } from '../../../jobs/train-bikes/reading/reasons.ts';
import { DATA, messagesOf, onDisk, read, valuesOf, WHOLE } from './exports.ts';

const FOLDER = `${DATA}messy/`;
const reading = (name: string) => read([onDisk(FOLDER + name)]);

interface Expected {
  readonly rows: number;
  readonly used: number;
  readonly dropped?: Dropped;
  readonly counters?: number;
  readonly encoding?: string;
  readonly separator?: string;
}

const WEEK: Expected = { rows: 504, used: 504 };
const DAY: Expected = { rows: 72, used: 72 };

const READ: Readonly<Record<string, Expected>> = {
  '01-comma-separated.csv': { ...WEEK, separator: ',' },
  '02-tab-separated.txt': { ...WEEK, separator: '\t' },
  '03-bom-crlf.csv': WEEK,
  '04-latin1.csv': { ...WEEK, encoding: 'UTF-8, and Latin-1' },
  '05-utf16le-tab.txt': { ...WEEK, encoding: 'UTF-16 LE', separator: '\t' },
  '06-double-encoded.csv': WEEK,
  '07-columns-missing.csv': WEEK,
  '09-names-normalised-reordered.csv': WEEK,
  '10-autumn-hour-twice.csv': { rows: 75, used: 75 },
  '11-autumn-no-offset.csv': { rows: 75, used: 75 },
  '12-spring-hour-absent.csv': { rows: 69, used: 69 },
  '13-spring-winter-time-all-day.csv': { rows: 69, used: 66, dropped: { 'no-such-hour': 3 } },
  '14-unknown-counters.csv': { rows: 144, used: 144, counters: 6 },
  '16-duplicates.csv': { rows: 90, used: 72, dropped: { 'repeated-row': 13, 'replaced-row': 5 } },
  '17-dates-mixed.csv': { rows: 72, used: 70, dropped: { 'unreadable-time': 2 } },
  '18-coordinates-months-mixed.csv': DAY,
  '19-pasted-exports.csv': {
    ...DAY,
    dropped: { 'repeated-header': 1, 'total-line': 1, 'blank-line': 2 },
  },
  '20-truncated.csv': { rows: 72, used: 71, dropped: { 'field-count': 1 } },
  // Of 47 lines after the quote, one is lost: the one that it is in.
  '21-quotes.csv': { rows: 72, used: 71, dropped: { 'unclosed-quote': 1 } },
  '25-zipped-name-lies.csv': DAY,
  '26-shuffled-two-weeks.csv': { rows: 1008, used: 1008 },
};

const REFUSED: Readonly<Record<string, RegExp>> = {
  '08-count-column-missing.csv':
    /^08-count-column-missing\.csv, line 1: found no column "Comptage horaire" among /,
  // Counts that are not reported (empty, N/A, NaN, null) are no malformed ones: 7 of the 18 are.
  '15-counts-odd.csv':
    /^15-counts-odd\.csv: found 7 of 72 rows malformed \(9\.7 %: 4 unreadable-count, 2 negative-count, 1 absurd-count\); expected at most 5 %$/,
  '22-header-only.csv': /^22-header-only\.csv: found no row below the header; expected rows$/,
  '23-empty.csv': /^23-empty\.csv: found an empty file; expected a header and rows$/,
  // 5.6 %: two more rows would have made it usable.
  '24-too-many-and-too-few-fields.csv':
    /^24-too-many-and-too-few-fields\.csv: found 4 of 72 rows malformed \(5\.6 %: 4 field-count\); expected at most 5 %$/,
};

test('each messy file is expected to be read or to be refused', () => {
  const known = [...Object.keys(READ), ...Object.keys(REFUSED)].sort();
  assert.deepEqual(readdirSync(FOLDER).sort(), known);
});

describe('read', () => {
  for (const [name, { rows, used, dropped = {}, counters = 3, ...form }] of Object.entries(READ)) {
    test(name, async () => {
      const found = await reading(name);
      assert.equal(found.kind, 'read', messagesOf(found).join('\n'));
      if (found.kind !== 'read') return;
      const [notes] = found.files;
      assert.deepEqual(
        { rows: notes!.rows, used: notes!.used, dropped: notes!.dropped },
        { rows, used, dropped },
      );
      assert.deepEqual(found.dropped, dropped);
      assert.equal(found.observations.hour.length, used);
      assert.equal(found.observations.counters.length, counters);
      assert.equal(notes!.encoding, form.encoding ?? 'UTF-8');
      assert.equal(notes!.separator, form.separator ?? ';');
    });
  }
});

describe('refused', () => {
  for (const [name, message] of Object.entries(REFUSED)) {
    test(name, async () => {
      const [first] = messagesOf(await reading(name));
      assert.match(first ?? '', message);
    });
  }
});

test('a week is the same week, however its file is written', async () => {
  const week = Object.keys(READ).filter((name) => READ[name]!.rows === 504);
  const [first, ...rest] = await Promise.all(week.map(async (name) => valuesOf(await reading(name))));
  assert.equal(rest.length, 7);
  for (const values of rest) assert.deepEqual(values, first);
  // The whole export holds the same rows.
  const whole = new Set(valuesOf(await read([onDisk(WHOLE)])));
  assert.deepEqual(
    first!.filter((value) => !whole.has(value)),
    [],
  );
});

test('a day is the same day, but for the rows that its file has lost', async () => {
  const good = valuesOf(await reading('25-zipped-name-lies.csv'));
  const missing = async (name: string) => {
    const values = valuesOf(await reading(name));
    assert.deepEqual(
      values.filter((value) => !good.includes(value)),
      [],
      name,
    );
    return good.filter((value) => !values.includes(value));
  };
  const totem = 'Totem 73 boulevard de Sébastopol S-N';
  assert.deepEqual(await missing('18-coordinates-months-mixed.csv'), []);
  assert.deepEqual(await missing('19-pasted-exports.csv'), []);
  assert.deepEqual(await missing('17-dates-mixed.csv'), [
    `${totem} 2021-06-15T20 393`,
    `${totem} 2021-06-15T21 616`,
  ]);
  assert.deepEqual(await missing('20-truncated.csv'), [`${totem} 2021-06-15T21 616`]);
  assert.deepEqual(await missing('21-quotes.csv'), ['36 quai de Grenelle NE-SO 2021-06-14T22 26']);
});

test('the doubled hour of October is two hours, with offsets and without', async () => {
  const withOffsets = valuesOf(await reading('10-autumn-hour-twice.csv'));
  assert.deepEqual(valuesOf(await reading('11-autumn-no-offset.csv')), withOffsets);
  assert.ok(withOffsets.includes('28 boulevard Diderot O-E 2020-10-25T00 1'));
  assert.ok(withOffsets.includes('28 boulevard Diderot O-E 2020-10-25T01 0'));
});

test('the later of two counts of one hour is the one that counts', async () => {
  const values = valuesOf(await reading('16-duplicates.csv'));
  assert.ok(values.includes('28 boulevard Diderot O-E 2021-06-15T08 55'));
  assert.ok(values.includes('28 boulevard Diderot O-E 2021-06-15T18 110'));
});

test('each way of coordinates gives the place of the counter, and none gives none', async () => {
  const found = await reading('18-coordinates-months-mixed.csv');
  assert.ok(found.kind === 'read');
  const { latitude, longitude } = found.observations.counters[0]!;
  assert.deepEqual([latitude, longitude], [48.846028, 2.375429]);
  const without = await reading('07-columns-missing.csv');
  assert.equal(without.kind === 'read' && without.observations.counters[0]!.latitude, undefined);
});

test('the whole export is read without a row lost', async () => {
  const found = await read([onDisk(WHOLE)]);
  assert.ok(found.kind === 'read');
  assert.deepEqual(found.dropped, {});
  const { counters, hour, count } = found.observations;
  assert.deepEqual([counters.length, hour.length], [52, 422_243]);
  assert.equal(
    count.reduce((sum, each) => sum + each, 0),
    25_083_667,
  );
  const notes = found.notes.map(({ kind, text }) => `${kind}: ${text}`).join('\n');
  assert.match(
    notes,
    /^gap: No count of Voie Georges Pompidou NE-SO, Voie Georges Pompidou SO-NE from 2021-03-13/m,
  );
  assert.match(notes, /^zeros: Nothing but zeros of 20 Avenue de Clichy NO-SE .*1834 hours/m);
  assert.match(notes, /^new-counter: New: the first count of 254 rue de Vaugirard .* is of 2020-12-10/m);
  assert.match(
    notes,
    /^clock-change: The clocks went back at 2020-10-25 02:00, and the first of the two hours/m,
  );
});
