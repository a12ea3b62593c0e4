// The questions of `sluice predict`: every row of a file in its sequence, or a sentence with the place of the first odd one.
import assert from 'node:assert/strict';
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { questionsIn, type Question } from '../../../cli/actions/questions.ts';

const listed = async (questions: AsyncIterable<Question>): Promise<readonly Question[]> => {
  const list: Question[] = [];
  for await (const question of questions) list.push(question);
  return list;
};
const read = (text: string): Promise<readonly Question[]> =>
  listed(questionsIn('week.csv', () => Readable.from([Buffer.from(text)])));

const HEADER = 'Nom du compteur;Date et heure de comptage;Coordonnées géographiques';

test('a row is a question, with its place; the count may be missing, and blank lines are none', async () => {
  assert.deepEqual(
    await read(`${HEADER}\nQuai N-S;2021-08-10 18:00;48.85,2.35\n\nPont;2021-08-10T19:00Z;\n`),
    [
      { place: 'week.csv, line 2', counter: 'Quai N-S', at: '2021-08-10 18:00', coordinates: '48.85,2.35' },
      { place: 'week.csv, line 4', counter: 'Pont', at: '2021-08-10T19:00Z', coordinates: undefined },
    ],
  );
});

test('the names of the API, in another sequence, with commas and quotes', async () => {
  const [question] = await read(
    'date_et_heure_de_comptage,comptage_horaire,nom_du_compteur\n2021-08-10T18:00:00+02:00,,"Pont, N-S"\n',
  );
  assert.deepEqual([question?.counter, question?.at], ['Pont, N-S', '2021-08-10T18:00:00+02:00']);
});

const ODD: readonly [what: string, text: string, message: RegExp][] = [
  ['no file', '', /^week\.csv: found no header; expected a header with the columns/],
  [
    'a header without the time',
    'Nom du compteur;Heure\nPont;1\n',
    /found no header: "Nom du compteur;Heure"/,
  ],
  ['too few fields', `${HEADER}\nPont;2021-08-10 18:00\n`, /week\.csv, line 2: found 2 fields; expected 3/],
  [
    'an open quote',
    `${HEADER}\n"Pont;2021-08-10 18:00;\n`,
    /week\.csv, line 2: found a quote that never closes/,
  ],
];

for (const [what, text, message] of ODD) test(what, () => assert.rejects(read(text), { message }));

test('a file that is not there is named', async () => {
  const missing = questionsIn('none.csv', () => createReadStream('/nowhere/none.csv'));
  await assert.rejects(listed(missing), { message: /^--file: .*\/nowhere\/none\.csv/ });
});
