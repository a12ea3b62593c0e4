// Sentences with codes: the same values in both languages, and a text for what an older or newer job wrote.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { coded, textIn } from '../../../../jobs/heat/texts/coded.ts';
import { NOTES } from '../../../../jobs/heat/texts/notes.ts';
import { REASONS } from '../../../../jobs/heat/texts/reasons.ts';
import { coded as schema, codedOrText } from '../../../../models/heat/documents.ts';

const holesOf = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).toSorted();

test('each text has the same values in both languages, and no code has two meanings', () => {
  for (const [code, { en, fr }] of Object.entries({ ...REASONS, ...NOTES })) {
    assert.match(code, /^[a-z][a-z-]+$/);
    assert.deepEqual(holesOf(fr), holesOf(en), code);
    assert.notEqual(fr, en, code);
  }
  const both = Object.keys(REASONS).filter((code) => code in NOTES);
  assert.deepEqual(both, []);
});

test('a document has the code, the values and the English text; a French reader has the numbers of French', () => {
  const reason = coded('nothing-above', { threshold: 34.5 });
  assert.deepEqual(schema.parse(reason), {
    code: 'nothing-above',
    text: 'no value is above 34.5 °C',
    values: { threshold: 34.5 },
  });
  assert.equal(textIn('en', reason), 'no value is above 34.5 °C');
  assert.equal(textIn('fr', reason), 'aucune valeur ne dépasse 34,5 °C');
  assert.deepEqual(coded('no-scene'), { code: 'no-scene', text: REASONS['no-scene'].en });
});

test('a value is text and no template, and an unknown code has the text of its document', () => {
  const note = coded('suspect-values', { file: '{count}.txt', count: 2 });
  assert.equal(note.text, '{count}.txt: 2 suspect values count as missing');
  const unknown = { code: 'of-a-newer-version', text: 'something else' };
  assert.deepEqual([textIn('fr', unknown), textIn('en', unknown)], ['something else', 'something else']);
  assert.equal(textIn('fr', { code: 'constructor', text: 'odd' }), 'odd');
});

test('an output of an older version, with the sentence alone, may still be published again', () => {
  const said = codedOrText.parse('no source has the number of inhabitants');
  assert.equal(textIn('fr', said), 'no source has the number of inhabitants');
  assert.equal(codedOrText.safeParse({ text: 'without a code' }).success, false);
});
