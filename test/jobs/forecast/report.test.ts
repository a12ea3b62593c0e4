// The report: one page that needs nothing but itself, and in which every word from outside is only a word.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { html } from '../../../shared/page/html.ts';
import { LANGUAGES } from '../../../shared/page/languages.ts';
import { reportOf } from '../../../jobs/forecast/report/report.ts';
import { dayOf } from '../../../jobs/forecast/series/panel.ts';
import { panelOf } from './panels.ts';
import { pageOf, panelNamed, reportedOf } from './reports.ts';

const HOSTILE = `<script>alert("1")</script> & l’Île-d'Abeau ${'`${x}`'}`;

test('a template escapes what is put into it, once, in text and in attributes', () => {
  const name = html`<b title="${`"'<>&`}">${['a<b', html`<i>${'c&d'}</i>`]}</b>`;
  assert.equal(name.markup, '<b title="&quot;&#39;&lt;&gt;&amp;">a&lt;b<i>c&amp;d</i></b>');
});

test('hostile names of malls, clusters, sites left out, files and sheets stay words', async () => {
  const site = { code: HOSTILE, mall: HOSTILE };
  const reported = await reportedOf(panelNamed(['Évry 2', HOSTILE, 'Bègles “Rives d’Arcins”'], HOSTILE), {
    excludedSites: [{ ...site, reason: 'no-value' }],
    qualityNotes: [{ ...site, kind: 'silent', since: '2025-01-01' }],
    notes: [{ kind: 'sheet-not-read', file: HOSTILE, sheet: HOSTILE }],
  });
  for (const language of LANGUAGES) {
    const page = reportOf(reported, language);
    assert.ok(!/<script|<img|<iframe|<link|javascript:| on[a-z]+=/i.test(page));
    assert.ok(page.includes('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; l’Île-d&#39;Abeau'));
    assert.ok(page.includes('Évry 2') && page.includes('Bègles “Rives d’Arcins”'));
    const opened = page.match(/<(svg|figure|table|details|g|ul|section|div)\b/g)?.length;
    assert.equal(page.match(/<\/(svg|figure|table|details|g|ul|section|div)>/g)?.length, opened);
  }
});

test('nothing is fetched, and nothing is left of how the drawings are made', async () => {
  const page = await pageOf(panelNamed(['Évry', 'Bègles']));
  assert.ok(!/https?:|url\((?!#)|@import|src=|href=/i.test(page), 'a reference to elsewhere');
  assert.ok(
    !/zr\d|ecmeta|#0a000/.test(page),
    'a name that the drawing library counts up, or a stand-in colour',
  );
  const defined = new Set([...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id));
  for (const [, used] of page.matchAll(/url\(#([^)]+)\)/g)) assert.ok(defined.has(used), used);
  assert.equal(defined.size, page.match(/ id="/g)?.length, 'an id is there twice');
  for (const [, ink] of page.matchAll(/var\(--(\w+)\)/g)) assert.ok(page.includes(`--${ink}:`), ink);
});

test('the page allows nothing but its own style sheet, and styles nothing in attributes', async () => {
  const page = await pageOf(panelNamed(['Évry', 'Bègles']));
  const [, policy = ''] =
    /<meta http-equiv="Content-Security-Policy" content="([^"]+)" ?\/?>/.exec(page) ?? [];
  const [, style = ''] = /<style>([\s\S]*?)<\/style>/.exec(page) ?? [];
  const hash = createHash('sha256').update(style).digest('base64');
  assert.equal(
    policy.replaceAll('&#39;', "'"),
    `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`,
  );
  assert.equal(page.match(/<style/g)?.length, 1);
  assert.ok(page.indexOf('http-equiv') < page.indexOf('<style'), 'a policy holds for what comes after it');
  assert.ok(!/ style=/.test(page));
});

test('every figure has a title, a caption, a legend above it, and an axis in its language', async () => {
  const page = await pageOf(panelNamed(['Évry', 'Bègles']));
  const figures = page.match(/<figure[\s\S]*?<\/figure>/g) ?? [];
  // The last weeks and the year of the total, four cuts, and both sites as best.
  assert.equal(figures.length, 8);
  for (const drawn of figures) {
    assert.match(drawn, /<h3>[^<]+<\/h3>/);
    assert.match(drawn, /<figcaption>[^<]+<\/figcaption>/);
    assert.match(drawn, />(Feb|\d+ (Jan|Feb)|week from|weekday|weeks ahead)</);
    if (drawn.includes('class="small"')) continue;
    assert.match(drawn, /class="legend"/);
    assert.match(drawn, />(visitors a day|thousand visitors a day|WAPE, %|share of site-days, %)</);
  }
  assert.match(page, /class="legend"[\s\S]*?the last eight weeks and the next four[\s\S]*?class="small"/);
});

test('the page is the same however many were drawn before it in the process', async () => {
  const panel = panelNamed(['Évry', 'Bègles']);
  assert.equal(await pageOf(panel), await pageOf(panel));
});

test('a panel with next to nothing in it still has a page in every language', async () => {
  const panel = panelOf('2025-01-01', '2025-01-02', [{ visits: () => 0 }]);
  for (const language of LANGUAGES) {
    const page = await pageOf(panel, {}, language);
    assert.ok(
      page.includes(language === 'en' ? 'no year before to compare with' : 'aucune année antérieure'),
    );
    assert.ok(!/NaN|undefined|Infinity|null/.test(page));
  }
});

test('an outlier is drawn as it was reported, and does not compress the scale', async () => {
  const visits = (day: number) => (day === dayOf('2025-03-14') ? 90_000 : 900);
  const page = await pageOf(panelNamed(['Évry'], 'Nord', [visits]));
  const [chart = ''] = page.match(/<figure class="small"[\s\S]*?<\/figure>/) ?? [];
  const labels = [...chart.matchAll(/text-anchor="end"[^>]*>([\d,]+)</g)].map(([, label = '']) =>
    Number(label.replace(',', '')),
  );
  assert.ok(labels.length >= 3 && Math.max(...labels) <= 2000, labels.join(' '));
});

test('in January the last eight weeks reach into the year before, and so does what was forecast of them', async () => {
  const panel = panelOf('2023-06-01', '2025-01-12', [{ visits: () => 500 }]);
  const { evidence } = await reportedOf(panel);
  const { from, predictions } = evidence.recent;
  // The seasonal engine walks from the Monday of the week of 1 January.
  assert.equal(from, dayOf('2024-12-30'));
  assert.equal(predictions.length, dayOf('2025-01-12') + 84 - from + 1);
  assert.equal(predictions[0], 500);
  assert.equal(evidence.predictions.length, predictions.length - 2);
});
