// What a refusal found and expected, in French: each sentence of the jobs has one, and each of the list is still written by a job.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inFrench, REFUSALS } from '../../../functions/console/words/problems/in-french.ts';
import { PAGES } from '../../../functions/console/words/problems/pages.ts';
import { SINCE, WHY } from '../../../functions/console/words/problems/stale.ts';
import { ProblemList } from '../../../jobs/forecast/workbook/problems.ts';
import { SAVE_AGAIN } from '../../../jobs/forecast/workbook/unusable.ts';
import { textsOf } from './source-texts.ts';

/** What the holes of a sentence may hold: a value, a sentence, a noun. */
const SAMPLES = ['7', 'a site code', 'the code 7', 'rows', 'an Excel workbook (.xlsx)'];
const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
/** A value and nothing else: it is the same in both languages. */
const isValue = (text: string): boolean => !/[a-z]/i.test(text);

test('each sentence that a job of workbooks or counters writes into a refusal has one in French', () => {
  const { ofProblems: written } = textsOf(
    ['forecast/workbook', 'train-bikes/reading', 'heat/city'].map((folder) => `jobs/${folder}/**/*.ts`),
  );
  assert.ok(written.size > 100, String(written.size));
  const missing = [...written].filter(
    (text) =>
      !isValue(text) && !SAMPLES.some((sample) => inFrench(text.replaceAll('{}', sample)) !== undefined),
  );
  assert.deepEqual(missing, []);
});

test('each sentence of the lists is still written, by a job or by the console', () => {
  const jobs = ['forecast/workbook', 'forecast/series', 'train-bikes', 'heat/city', 'heat/stages/ingest'];
  for (const [list, folders] of [
    [REFUSALS, jobs.map((folder) => `jobs/${folder}/**/*.ts`)],
    [
      { ...PAGES, ...WHY, ...SINCE },
      ['functions/console/{reading,screens,forms}/*.ts', 'functions/console/serve.ts'],
    ],
  ] as const) {
    const written = [...textsOf(folders).all]
      .filter((text) => !isValue(text))
      .map((text) => new RegExp(`^${text.split('{}').map(escaped).join('[^]+')}$`));
    // What follows may stand in the same text: `…; the last command is …`.
    const isWritten = (english: string) =>
      written.some((pattern) => pattern.test(english) || pattern.test(`${english}; 7`));
    const stale = Object.keys(list).filter((english) => !isWritten(english));
    assert.deepEqual(stale, []);
  }
});

test('a place, what was found there and what was expected are one sentence', () => {
  const problems = new ProblemList();
  const place = { file: 'a: b.xlsx', sheet: 'Été', row: 7, columnIndex: 27 };
  problems.add(place, 'the text "found x; expected y"', 'a site code, typed as text');
  problems.add({ file: 'a.xlsx' }, 'an empty file', SAVE_AGAIN);
  assert.deepEqual(
    problems.kept.map(({ message }) => inFrench(message)?.replaceAll(/[\u00a0\u202f]/g, ' ')),
    [
      'a: b.xlsx, feuille "Été", ligne 7, colonne AB : trouvé le texte "found x; expected y" ; attendu un code de site, saisi comme texte',
      'a.xlsx : trouvé un fichier vide ; attendu un classeur Excel (.xlsx) : ouvrez-le dans Excel et enregistrez-le de nouveau',
    ],
  );
});

test('an outcome ends the sentence with a full stop, which stays', () => {
  assert.equal(inFrench('an empty file.'), 'un fichier vide.');
  assert.equal(inFrench('.'), undefined);
});

test('a form that something else overtook says why, and what was done since', () => {
  const last = 'the last command is pause by ada@example.org at 2026-11-27T10:00:00.000Z: a; b';
  assert.equal(
    inFrench(`the form is more than 10 minutes old; ${last}`, 'page')?.replaceAll(/[\u00a0\u202f]/g, ' '),
    'le formulaire a plus de 10 minutes ; la dernière commande est pause par ada@example.org à 2026-11-27T10:00:00.000Z : a; b',
  );
});

test('what is no sentence of the list stays in English, whole', () => {
  for (const other of [
    'the number of the station',
    'the date of a later version',
    'an hour of 7 days',
    'a moon, typed as text',
    'x.csv: found an unheard-of thing; expected a date',
    `the text "${'x'.repeat(2_000)}"`,
    '',
  ])
    assert.equal(inFrench(other), undefined, other);
});
