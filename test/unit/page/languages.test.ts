// Which language a reader gets, whatever their browser sends.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { languageOf } from '../../../shared/page/languages.ts';
import { html } from '../../../shared/page/html.ts';
import { durationText, timeElement } from '../../../shared/page/times.ts';

const CASES: readonly (readonly [string | undefined, 'en' | 'fr'])[] = [
  [undefined, 'en'],
  ['', 'en'],
  ['fr', 'fr'],
  ['fr-CA, en;q=0.8', 'fr'],
  ['en-US, fr;q=0.9', 'en'],
  ['de, fr;q=0.5, en;q=0.4', 'fr'],
  ['fr;q=0, en', 'en'],
  ['en;q=0.1, fr;q=0.2', 'fr'],
  ['*', 'en'],
  ['zh', 'en'],
  [';;,,q=,fr', 'fr'],
  [`${'x,'.repeat(10_000)}fr`, 'en'],
];

for (const [accepted, expected] of CASES)
  test(`${JSON.stringify(accepted?.slice(0, 40))} reads ${expected}`, () =>
    assert.equal(languageOf(accepted), expected));

test('a time stands in its zone, and names UTC for a reader who asks', () => {
  const { markup } = timeElement('2026-11-27T05:58:24.145Z', 'Europe/Paris', 'fr');
  assert.match(markup, /datetime="2026-11-27T05:58:24.145Z"/);
  assert.match(markup, /title="2026-11-27 05:58:24 UTC"/);
  assert.match(markup, />27 nov. 2026, 06:58:24</);
  assert.equal(timeElement('<b>', 'UTC', 'en').markup, '&lt;b&gt;');
});

test('a duration has its two largest units', () => {
  const texts = [1, 9_940, 65_000, 3_700_000, 90_000_000, -5].map((ms) => durationText(ms, 'en'));
  assert.equal(durationText(1_500, 'fr'), '1,5 s');
  assert.equal(durationText(90_000_000, 'fr'), '1 j 1 h');
  assert.deepEqual(texts, ['0.0 s', '9.9 s', '1 min 5 s', '1 h 1 min', '1 d 1 h', '0.0 s']);
});

test('everything that is put into a template is escaped', () => {
  const hostile = `<img src=x onerror=alert(1)> "' & </script>`;
  assert.equal(
    html`<b title="${hostile}">${[hostile, html`<i>${hostile}</i>`]}</b>`.markup.match(/[<>]/g)?.length,
    8,
  );
});
