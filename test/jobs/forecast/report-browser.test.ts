// The report in a real browser: nothing runs over a phone's edge or a sheet of paper, and nothing is cut off.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { LANGUAGES } from '../../../shared/page/languages.ts';
import { reportOf } from '../../../jobs/forecast/report/report.ts';
import { dayOf } from '../../../jobs/forecast/series/panel.ts';
import { skip, startBrowser, type Browser, type Opened } from './browser.ts';
import { panelNamed, reportedOf } from './reports.ts';

/** A4 less its margins, at 96 pixels an inch. */
const PAPER_WIDTH = 703;

/** Many sites, long names, one that died today: what makes tables wide and captions long. */
const reported = await reportedOf(
  panelNamed(
    [
      'Centre commercial régional de la Vallée-Heureuse-sur-Mer, galerie des Promenades',
      'X'.repeat(60),
      ...Array.from({ length: 28 }, (_, index) => `Centre ${index}`),
    ],
    'Île-de-France et Centre-Val de Loire',
    [(day) => (day === dayOf('2025-03-14') ? 210 : 24_000 + (day % 6) * 700)],
  ),
);

const OVERFLOW = '[document.scrollingElement.scrollWidth, innerWidth]';

/** Texts of drawings outside of their drawing, and words outside of the page or of what clips them. */
const CLIPPED = `(() => {
  const shown = (element) => element.getClientRects().length > 0;
  const within = (inner, outer) => inner.left >= outer.left - 1 && inner.right <= outer.right + 1 &&
    inner.top >= outer.top - 1 && inner.bottom <= outer.bottom + 1;
  const found = [];
  for (const text of document.querySelectorAll('svg text')) {
    if (shown(text) && !within(text.getBoundingClientRect(), text.ownerSVGElement.getBoundingClientRect()))
      found.push('drawn: ' + text.textContent);
  }
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    if (node.data.trim() === '' || node.parentElement.closest('svg, thead')) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) {
      if (box.left < -1 || box.right > document.documentElement.clientWidth + 1) found.push('page: ' + node.data);
    }
    for (let parent = node.parentElement; parent !== null; parent = parent.parentElement) {
      if (getComputedStyle(parent).overflowX === 'visible') continue;
      if (parent.scrollWidth > parent.clientWidth + 1 && parent !== document.documentElement) found.push('box: ' + node.data);
    }
  }
  return found.slice(0, 10);
})()`;

/** Font sizes, in pixels of the screen, of the smallest text of the drawings that are shown. */
const SMALLEST = `Math.min(...[...document.querySelectorAll('svg')].filter((svg) => svg.getClientRects().length > 0)
  .map((svg) => 12 * svg.getBoundingClientRect().width / svg.viewBox.baseVal.width))`;

const nothingOverflows = async (page: Opened, what: string) => {
  const [content = 0, room = 0] = await page.evaluate<number[]>(OVERFLOW);
  assert.ok(content <= room, `${what}: ${content} pixels wide in ${room}`);
  assert.deepEqual(await page.evaluate(CLIPPED), [], what);
};

describe('the report in a browser', { skip }, () => {
  let browser: Browser;
  before(async () => {
    browser = await startBrowser();
  });
  after(() => browser?.close());

  test('nothing runs over the edge of a phone, a tablet or a desk, and drawings stay legible', async () => {
    for (const language of LANGUAGES) {
      const html = reportOf(reported, language);
      for (const width of [320, 390, 768, 1024, 1280]) {
        const page = await browser.open(html, { width, media: 'screen' });
        await page.evaluate(
          `document.querySelectorAll('details').forEach((details) => { details.open = true; })`,
        );
        await nothingOverflows(page, `${language}, ${width} pixels`);
        assert.ok((await page.evaluate<number>(SMALLEST)) >= 8.5, `${language}, ${width} pixels`);
      }
    }
  });

  test('on a phone a row of a table is a card in which every value has its name', async () => {
    const page = await browser.open(reportOf(reported, 'fr'), { width: 320, media: 'screen' });
    const names = await page.evaluate<string[]>(
      `[...document.querySelectorAll('tr:has(td)')][0].querySelectorAll('td').values()
        .map((cell) => getComputedStyle(cell, '::before').content + getComputedStyle(cell).display).toArray()`,
    );
    assert.deepEqual(names.slice(0, 2), ['"site"flex', '"code"flex']);
  });

  test('on paper everything is unfolded, light, and within the sheet', async () => {
    for (const language of LANGUAGES) {
      const html = reportOf(reported, language);
      const page = await browser.open(html, { width: PAPER_WIDTH, media: 'print', dark: true });
      await nothingOverflows(page, `${language}, on paper`);
      const folded = `[...document.querySelectorAll('details *')].filter((element) =>
        !element.closest('.broad, .narrow') && !element.checkVisibility({ contentVisibilityAuto: true })).length`;
      assert.ok((await page.evaluate<number>(`document.querySelectorAll('details:not([open])').length`)) > 0);
      assert.equal(await page.evaluate(folded), 0, 'what is folded away is printed');
      const inks = `[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]`;
      assert.deepEqual(await page.evaluate(inks), ['rgb(255, 255, 255)', 'rgb(51, 56, 63)']);
      assert.ok((await page.evaluate<number>(SMALLEST)) >= 8.5);
    }
  });

  test('the policy lets the style sheet in, and nothing else', async () => {
    const html = reportOf(reported, 'en');
    const page = await browser.open(html, { width: 1280, media: 'screen' });
    assert.notEqual(await page.evaluate(`getComputedStyle(document.querySelector('main')).maxWidth`), 'none');
    assert.deepEqual(page.complaints, []);
    const planted = `<script>document.title = 'ran'</script><p style="width: 9px"></p></main>`;
    const tampered = await browser.open(html.replace('</main>', planted), { width: 1280, media: 'screen' });
    assert.notEqual(await tampered.evaluate('document.title'), 'ran');
    assert.equal(tampered.complaints.filter((text) => /Content Security Policy/.test(text)).length, 2);
  });
});
