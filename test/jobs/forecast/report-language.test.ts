// The report in French and English: numbers, dates and spaces as each language writes them, and no text missing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { english } from '../../../jobs/forecast/report/language/english.ts';
import { french } from '../../../jobs/forecast/report/language/french.ts';
import type { QualityNote } from '../../../jobs/forecast/series/quality-notes.ts';
import { pageOf, panelNamed } from './reports.ts';

const NARROW = '\u202f';
const WIDE = '\u00a0';

test('English numbers and dates', () => {
  const { percent, signedPercent, whole, day, shortDay, monthOrYear, weekday } = english.format;
  assert.deepEqual([percent(0.11163), percent(0.395, 0), percent(null)], ['11.2%', '40%', '–']);
  assert.deepEqual([0.021, -0.021, 0.0001].map(signedPercent), ['+2.1%', '−2.1%', '0.0%']);
  assert.equal(whole(3_270_995.4), '3,270,995');
  assert.deepEqual([day('2015-06-19'), shortDay('2015-05-01')], ['19 Jun 2015', '1 May']);
  assert.deepEqual(['2015-02-01', '2016-01-01'].map(monthOrYear), ['Feb', '2016']);
  assert.deepEqual([0, 6].map(weekday), ['Mon', 'Sun']);
});

test('French numbers and dates', () => {
  const { percent, signedPercent, whole, day, shortDay, monthOrYear, weekday } = french.format;
  assert.deepEqual([percent(0.11163), percent(null)], [`11,2${NARROW}%`, '–']);
  assert.deepEqual([0.021, -0.021].map(signedPercent), [`+2,1${NARROW}%`, `−2,1${NARROW}%`]);
  assert.equal(whole(3_270_995.4), `3${NARROW}270${NARROW}995`);
  assert.deepEqual(
    [day('2015-06-19'), shortDay('2015-05-01'), shortDay('2015-05-11')],
    ['19 juin 2015', '1er mai', '11 mai'],
  );
  assert.deepEqual(['2015-02-01', '2016-01-01'].map(monthOrYear), ['févr.', '2016']);
  assert.deepEqual([0, 6].map(weekday), ['lun.', 'dim.']);
});

test('French sets its spaces in its own text, and leaves a name as it came', () => {
  const note = french.notes.file({ kind: 'sheet-not-read', file: 'a : b ; c.xlsx', sheet: '100 %' });
  assert.equal(note, `a : b ; c.xlsx${WIDE}: la feuille «${WIDE}100 %${WIDE}» n’a pas été lue`);
  assert.ok(french.page.more(3).startsWith(`Et 3 autres${NARROW};`));
});

test('singular and plural follow the language', () => {
  assert.match(english.page.intro(1, '2025-01-01', '2025-02-01', 'e'), /^1 site, /);
  assert.match(english.sites.left(0), /^0 sites /);
  assert.match(french.sites.left(0), /^0 site /);
  assert.match(french.sites.left(2), /^2 sites /);
});

const QUALITY_NOTES: readonly QualityNote[] = [
  { kind: 'nothing-accepted' as const },
  { kind: 'never-visited' as const, since: '2025-05-12' },
  { kind: 'new' as const, days: 7, since: '2025-05-12' },
  { kind: 'silent' as const, since: '2025-05-12' },
  { kind: 'closed' as const, since: '2025-05-12' },
  { kind: 'outlier' as const, date: '2025-05-12', visits: 90_000, usual: 900 },
].map((finding) => ({ code: 'S0', mall: 'Évry', ...finding }));

test('every finding is a sentence in both languages, with its values', () => {
  for (const qualityNote of QUALITY_NOTES) {
    const [one, other] = [english.notes.qualityNote(qualityNote), french.notes.qualityNote(qualityNote)];
    assert.match(one, /^Évry \(S0\): .{20}/);
    assert.match(other, /^Évry \(S0\)\u00a0: .{10}/);
    if ('since' in qualityNote) {
      assert.ok(one.includes('12 May 2025') && other.includes('12 mai 2025'), `${one} ${other}`);
    }
  }
  assert.match(
    english.notes.qualityNote(QUALITY_NOTES[5] ?? assert.fail()),
    /90,000 visitors on 12 May 2025, where 900 /,
  );
});

/** Every text of a catalogue, with the functions called on numbers that show. */
function textsOf(catalogue: object, path = ''): Map<string, string> {
  const texts = new Map<string, string>();
  for (const [key, value] of Object.entries(catalogue) as [string, unknown][]) {
    const at = `${path}${key}`;
    if (typeof value === 'string') texts.set(at, value);
    else if (typeof value === 'object' && value !== null && at !== 'format') {
      for (const [inner, text] of textsOf(value, `${at}.`)) texts.set(inner, text);
    }
  }
  return texts;
}

/** Words that both languages share. */
const SHARED = new Set([
  'column.site',
  'column.code',
  'column.cluster',
  'column.sites',
  'page.clusters',
  'chart.wape',
]);

test('no text of the French catalogue was left in English, nor with a plain space before a sign', () => {
  const [own, other] = [textsOf(french), textsOf(english)];
  assert.deepEqual([...own.keys()], [...other.keys()]);
  for (const [key, text] of own) {
    if (!SHARED.has(key)) assert.notEqual(text, other.get(key), key);
    assert.ok(!/ [;:!?%»]|« /.test(text), `${key}: ${text}`);
  }
});

test('the French page is French throughout', async () => {
  const page = await pageOf(panelNamed(['Évry', 'Bègles']), {}, 'fr');
  assert.match(page, /<html lang="fr">/);
  const words = page.replace(/<style>[\s\S]*?<\/style>/, '').replace(/<[^>]+>/g, '\n');
  assert.ok(!/\b(the|of|and|week|actual|predicted|weekday|band|days|bias|Jan|Feb|Mon)\b/.test(words));
  assert.ok(!/\d \d|\d %/.test(words), 'a number that may break over two lines');
});
