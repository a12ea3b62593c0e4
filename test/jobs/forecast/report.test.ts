// The report: one page that needs nothing but itself, and in which every word from outside is only a word.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seasonalEngine } from '../../../jobs/forecast/engine/seasonal.ts';
import { metricsOf, type ForecastMetrics } from '../../../jobs/forecast/output/metrics.ts';
import { evidenceOf } from '../../../jobs/forecast/proof/evidence.ts';
import { html } from '../../../jobs/forecast/report/html.ts';
import { reportOf } from '../../../jobs/forecast/report/report.ts';
import { percent, shownDay, signedPercent, whole } from '../../../jobs/forecast/report/words.ts';
import { weekdayOf, type Panel } from '../../../jobs/forecast/series/panel.ts';
import { yearStart } from '../../../jobs/forecast/series/today.ts';
import { panelOf } from './panels.ts';

const HOSTILE = `<script>alert("1")</script> & l’Île-d'Abeau ${'`${x}`'}`;
const visits = (day: number) => (weekdayOf(day) === 6 ? 0 : 900 + (day % 5) * 40);

const panelNamed = (malls: readonly string[], cluster = 'Nord'): Panel => {
  const panel = panelOf(
    '2024-01-01',
    '2025-03-14',
    malls.map(() => ({ visits })),
  );
  return { ...panel, sites: malls.map((mall, index) => ({ code: `S${index}`, mall, cluster })) };
};

async function pageOf(panel: Panel, odd: Partial<ForecastMetrics> = {}): Promise<string> {
  const span = { panel, from: yearStart(panel.lastDay), to: panel.lastDay + 84 };
  const forecast = await seasonalEngine('FR').forecast({ ...span, progress: () => undefined });
  const evidence = evidenceOf(span, forecast.walk, 'FR');
  const { predictions } = evidence;
  const nothing = { excluded: [], notes: [], remarks: [] };
  const metrics = metricsOf({ ...span, predictions }, nothing, evidence, 'seasonal-baseline', {});
  return reportOf({ pipeline: 'carmila', metrics: { ...metrics, ...odd }, evidence, panel });
}

test('a template escapes what is put into it, once, in text and in attributes', () => {
  const name = html`<b title="${`"'<>&`}">${['a<b', html`<i>${'c&d'}</i>`]}</b>`;
  assert.equal(name.markup, '<b title="&quot;&#39;&lt;&gt;&amp;">a&lt;b<i>c&amp;d</i></b>');
});

test('hostile names of malls, clusters, sites left out and sheets stay words', async () => {
  const page = await pageOf(panelNamed(['Évry 2', HOSTILE, 'Bègles “Rives d’Arcins”'], HOSTILE), {
    excludedSites: [{ code: HOSTILE, mall: HOSTILE, reason: HOSTILE }],
    remarks: [{ code: HOSTILE, mall: HOSTILE, remark: HOSTILE }],
    notes: [HOSTILE],
  });
  assert.ok(!/<script|<img|<iframe|<link|javascript:| on[a-z]+=/i.test(page));
  assert.ok(page.includes('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; l’Île-d&#39;Abeau'));
  assert.ok(page.includes('Évry 2') && page.includes('Bègles “Rives d’Arcins”'));
  const opened = page.match(/<(svg|figure|table|details|g|ul|section|div)\b/g)?.length;
  assert.equal(page.match(/<\/(svg|figure|table|details|g|ul|section|div)>/g)?.length, opened);
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

test('every figure has a title, a legend and axes with units', async () => {
  const page = await pageOf(panelNamed(['Évry', 'Bègles']));
  const figures = page.match(/<figure[\s\S]*?<\/figure>/g) ?? [];
  // The total, four cuts, and both sites as best; none is left to be worst.
  assert.equal(figures.length, 7);
  for (const drawn of figures) {
    assert.match(drawn, /<h3>[^<]+<\/h3>/);
    assert.match(drawn, /<figcaption>[^<]+<\/figcaption>/);
    assert.match(drawn, />(visitors a day|thousand visitors a day|WAPE, %|share of site-days, %)</);
    assert.match(drawn, />(day of 2025|week from|weekday|weeks ahead)</);
    assert.match(drawn, />(predicted|forecast|within)</);
  }
});

test('the page is the same however many were drawn before it in the process', async () => {
  const panel = panelNamed(['Évry', 'Bègles']);
  assert.equal(await pageOf(panel), await pageOf(panel));
});

test('a panel with next to nothing in it still has a page', async () => {
  const panel = panelOf('2025-01-01', '2025-01-02', [{ visits: () => 0 }]);
  const page = await pageOf(panel);
  assert.ok(page.includes('no year before to compare with'));
  assert.ok(!/NaN|undefined|Infinity/.test(page));
});

test('numbers are written for readers', () => {
  assert.equal(percent(0.11163), '11.2\u00a0%');
  assert.equal(percent(null), '–');
  assert.deepEqual([0.021, -0.021, 0.0001].map(signedPercent), ['+2.1\u00a0%', '−2.1\u00a0%', '0.0\u00a0%']);
  assert.equal(whole(3_270_995.4), '3,270,995');
  assert.equal(shownDay('2015-06-19'), '19 Jun 2015');
});
