// The forecast's screen in a real browser, of three publications: one that has expired, one from before its files, and the newest.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { manifestObject } from '../../../shared/runs/names.ts';
import {
  addressesOf,
  assertFits,
  assertSameWithoutScript,
  NARROW,
  openContext,
  skip,
  startBrowser,
  WIDE,
} from './browser.ts';
import { assertReadable, unfold, violationsIn, type Look } from './readable.ts';
import { companyWith, LONG, MARKUP, SITES } from './forecast-company.ts';
import { OWNER, startConsole, type RunningConsole } from './start-console.ts';

const PATH = '/p/carmila/forecast';

let opened: RunningConsole;
let browser: Browser;
let address: string;
/** The oldest first. */
let publications: readonly string[];
let paths: Readonly<Record<string, string>>;

before(async () => {
  if (skip) return;
  [opened, browser] = await Promise.all([startConsole(), startBrowser()]);
  const { mesh } = opened;
  for (const share of [1, 0.99, 0.2]) {
    mesh.put(companyWith(share));
    assert.equal((await mesh.tick()).outcome, 'published');
  }
  const runs = await mesh.ledger();
  publications = runs.map((run) => `carmila-${run}`);
  await expire(runs[0] ?? '');
  await asBeforeTheFiles(runs[1] ?? '');
  address = await opened.addressOf(OWNER);
  paths = {
    forecast: PATH,
    'a site': `${PATH}?site=S3`,
    'a site with markup for a name': `${PATH}?site=S0`,
    'a new site with a cluster of markup': `${PATH}?site=S${SITES - 1}`,
    'a cluster': `${PATH}?cluster=Nord`,
    'a search': `${PATH}?q=evry&order=name`,
    'a search for markup': `${PATH}?q=${encodeURIComponent('<img')}`,
    'the second page': `${PATH}?page=2`,
    'as it was, without the files': `${PATH}?at=${publications[1]}`,
    'a site as it was': `${PATH}?at=${publications[1]}&site=${encodeURIComponent('Évry 2')}`,
    'as it was, expired': `${PATH}?at=${publications[0]}`,
  };
});
after(async () => {
  await browser?.close();
  await opened?.close();
});

const objectOf = (run: string) => manifestObject('carmila', run, 1);

/** As its retention would: the stored output is gone, and the ledger still names it. */
async function expire(run: string): Promise<void> {
  const { results } = opened.mesh;
  for (const { name, generation } of await results.list(objectOf(run).replace('output.json', ''), 100))
    await results.remove(name, generation);
}

/** As a job of before wrote it: its manifest names no file of the forecast. */
async function asBeforeTheFiles(run: string): Promise<void> {
  const { results } = opened.mesh;
  const stored = await results.readText(objectOf(run), 1e6);
  assert.ok(stored);
  const manifest = JSON.parse(stored.text) as { files: { name: string }[] };
  const files = manifest.files.filter(({ name }) => !name.startsWith('forecast/'));
  assert.equal(manifest.files.length - files.length, 4, 'an index, the clusters and two files of sites');
  const text = JSON.stringify({ ...manifest, files });
  const answer = await results.replace(objectOf(run), stored.generation, text, 'application/json');
  assert.equal(answer.kind, 'landed');
}

/** Each picture that is drawn for this size and these colours. */
const picturesShown = (page: Page, { name, viewport, colorScheme }: Look): Promise<true> =>
  opened.mesh.until(`the pictures of ${name}`, async () => {
    const pictures = (await page.evaluate(
      "[...document.querySelectorAll('img.chart')].map(({ complete, naturalWidth, currentSrc, alt }) => [complete && naturalWidth > 200, currentSrc, alt])",
    )) as [boolean, string, string][];
    for (const [, source, alt] of pictures) assert.ok(alt.length > 60, `${name}: ${source} ${alt}`);
    const [theme, size] = [`theme=${colorScheme}`, `size=${viewport === NARROW ? 'narrow' : 'wide'}`];
    const isShown = ([isDrawn, source]: [boolean, string, string]) =>
      isDrawn && source.includes(theme) && source.includes(size);
    return pictures.every(isShown) ? true : undefined;
  });

const textOf = async (path: string, headers = {}): Promise<string> =>
  (await opened.get(path, headers)).text();

describe('the forecast', { skip }, () => {
  test('axe finds nothing, it fits, every picture is shown: 320 pixels and wide, light and dark, both languages', () =>
    assertReadable(browser, addressesOf(address, paths), {
      loaded: async (page) => {
        await unfold(page);
        await page.evaluate(
          "document.querySelectorAll('img').forEach((each) => { each.loading = 'eager'; })",
        );
      },
      shown: picturesShown,
    }));

  test('ranks the sites that are off now, with their band, and as it was none is', async () => {
    const now = JSON.parse(await textOf(`${PATH}.json`)) as {
      shown: { offNow: { items: { mall: string; deviation: string; actual: number; lower: number }[] } };
    };
    const [first, ...others] = now.shown.offNow.items;
    assert.deepEqual([first?.mall, first?.deviation, others.length], ['Évry 2', 'below', 0]);
    assert.ok((first?.actual ?? 0) < (first?.lower ?? 0));
    const page = await textOf(`${PATH}?site=S3`);
    assert.match(page, /Off now: fewer than the band/);
    const before = await textOf(`${PATH}?at=${publications[1]}`);
    assert.match(before, /Sites that are off now: 0/);
    assert.match(before, /older than the files from which this page is made/);
  });

  test('says so where the stored output has expired, and has no picture of it', async () => {
    assert.match(await textOf(`${PATH}?at=${publications[0]}`), /not kept any more[\s\S]*output\.json/);
    const answer = await opened.get(`${PATH}/chart.svg?chart=year&at=${publications[0]}`);
    assert.equal(answer.status, 404);
  });

  test('shows an older publication from its tables: its sites, their days and band', async () => {
    const path = `${PATH}.json?at=${publications[1]}&site=${encodeURIComponent('Évry 2')}`;
    const { shown } = JSON.parse(await textOf(path)) as {
      shown: { source: string; series: { days: Record<string, (number | null)[]> } };
    };
    const { days } = JSON.parse(await textOf(`${PATH}.json?site=S3`)).shown.series as typeof shown.series;
    assert.equal(shown.source, 'tables');
    // Nothing but the last four days differs between the two, and what is forecast from them.
    assert.deepEqual(shown.series.days['predicted']?.slice(0, 60), days['predicted']?.slice(0, 60));
    assert.deepEqual(shown.series.days['upper']?.slice(0, 60), days['upper']?.slice(0, 60));
  });

  test('refuses an unknown site, cluster, publication and page with what there is, bounded', async () => {
    for (const [path, status, says] of [
      [`${PATH}?site=nope`, 404, /There is:[\s\S]*Centre/],
      [`${PATH}?site=entre 1`, 404, /site=S16/],
      [`${PATH}?cluster=${encodeURIComponent(MARKUP)}`, 404, /cluster=Nord/],
      [`${PATH}?at=nope`, 404, new RegExp(`at=${publications[2]}`)],
      [`${PATH}?page=0`, 400, /from 1 on/],
      [`/p/bikes/forecast`, 404, /publishes no forecast|pipeline bikes/],
      [`${PATH}/chart.svg?chart=none`, 400, /recent, year, weeks/],
      [`${PATH}/days.csv?site=nope`, 404, /There is:/],
    ] as const) {
      const answer = await opened.get(path);
      const text = await answer.text();
      assert.equal(answer.status, status, path);
      assert.match(text, says, path);
      assert.ok(text.length < 15_000 && !text.includes('<img'), `${path}: ${text.length}`);
    }
  });

  test('names stay words in pictures, and a picture has no script and no style', async () => {
    for (const site of ['S0', 'S2']) {
      const answer = await opened.get(`${PATH}/chart.svg?chart=recent&site=${site}&size=narrow&theme=dark`);
      assert.equal(answer.headers.get('content-type'), 'image/svg+xml');
      const text = await answer.text();
      assert.ok(!/<script|<img|<style| style=|<foreignObject|href=/.test(text));
      assert.ok(site === 'S0' ? text.includes('&lt;img src=x') : text.includes(LONG));
    }
  });

  test('says the same without a script, but for what a script adds', () =>
    assertSameWithoutScript(browser, addressesOf(address, paths), (text) =>
      text.replaceAll(/ ?\bPNG\b/g, ''),
    ));

  test('a search without a script is a form of plain text, which a keyboard alone can send', async () => {
    const { page, context } = await openContext(browser, { javaScriptEnabled: false });
    await page.goto(address + PATH);
    await page.locator('input[type=search]').focus();
    await page.keyboard.type('begles');
    await page.keyboard.press('Enter');
    await page.waitForURL(/q=begles/);
    assert.match(await page.locator('main').innerText(), /Bègles, "Rives d’Arcins"/);
    await page.getByRole('link', { name: /Bègles/ }).click();
    await page.waitForURL(/site=S4/);
    await context.close();
  });

  test('a picture is saved as PNG by the page, and the days as CSV', async () => {
    const { page, context, complaints } = await openContext(browser);
    await page.goto(`${address}${PATH}?site=S3`);
    const [saved] = await Promise.all([
      page.waitForEvent('download'),
      page.locator('button.png').first().click(),
    ]);
    assert.equal(saved.suggestedFilename(), `${publications[2]}-S3-recent.png`);
    const bytes = readFileSync(await saved.path());
    assert.equal(bytes.subarray(1, 4).toString(), 'PNG');
    assert.ok(bytes.readUInt32BE(16) > 1_500, 'twice as wide as the picture');
    const [days] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'All days as CSV' }).click(),
    ]);
    assert.equal(days.suggestedFilename(), `${publications[2]}-site-S3.csv`);
    const lines = readFileSync(await days.path(), 'utf8').split('\r\n');
    assert.equal(lines[0], '\ufeffsite,code,cluster,date,actual,forecast,lower,upper,last_year');
    assert.match(lines[1] ?? '', /^Évry 2,S3,Nord,2025-01-01,\d+,\d+,\d+,\d+,\d+$/);
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test('a picture may be kept by its browser, since its address names its publication', async () => {
    const { page, context } = await openContext(browser);
    await page.goto(`${address}${PATH}?site=S3`);
    const source = (await page.locator('img.chart').first().getAttribute('src')) ?? '';
    assert.ok(source.includes(`at=${publications[2]}`) && source.includes('site=S3'));
    const { headers } = await opened.get(source);
    assert.equal(headers.get('cache-control'), 'private, max-age=86400');
    await context.close();
  });

  test('the report of the same publication has the same drawing, and axe finds nothing in it', async () => {
    const run = publications[2]?.replace('carmila-', '') ?? '';
    const folder = objectOf(run).replace('output.json', '');
    const pathsIn = (svg: string) => [...svg.matchAll(/ d="([^"]+)"/g)].map(([, path = '']) => path);
    for (const [file, viewport, colorScheme] of [
      ['report.html', WIDE, 'light'],
      ['report.fr.html', NARROW, 'dark'],
    ] as const) {
      const report = (await opened.mesh.results.readText(`${folder}${file}`, 1e7))?.text ?? '';
      const lang = file === 'report.html' ? 'en' : 'fr';
      const drawn = /class="full"[\s\S]*?<svg[\s\S]*?<\/svg>/.exec(report)?.[0] ?? '';
      const picture = await textOf(`${PATH}/chart.svg?chart=recent&lang=${lang}`);
      const inner = picture.slice(picture.lastIndexOf('<svg'));
      assert.ok(pathsIn(drawn).length > 5);
      assert.deepEqual(pathsIn(drawn), pathsIn(inner));
      const { page, context } = await openContext(browser, { viewport, colorScheme });
      await page.setContent(report);
      assert.deepEqual(await violationsIn(page), [], file);
      await assertFits(page, file);
      await context.close();
    }
  });
});

test(
  'while the ledger cannot be read, the page and its pictures show what the runs recorded, and say so',
  { skip },
  async () => {
    const { faults } = opened.mesh.cloud.api;
    const denied = { status: 403, reason: 'accessDenied', message: 'needs bigquery.jobs.create' };
    faults.plan({ url: /\/bigquery\/v2\//, action: { refuse: denied }, times: 2 });
    const text = await (await opened.get(PATH)).text();
    assert.match(text, /The ledger could not be read \(PERMISSION_DENIED\)[^]*needs bigquery\.jobs\.create/);
    assert.ok(text.includes(publications[2] ?? 'none'));
    const picture = /src="([^"]+chart\.svg[^"]+)"/.exec(text)?.[1]?.replaceAll('&amp;', '&') ?? '';
    assert.equal((await opened.get(picture)).status, 200, picture);
    const other = await opened.get(`${PATH}.json?at=${publications[0]}&lang=fr`);
    const { ledger } = (await other.json()) as { readonly ledger: { readonly code: string } };
    assert.equal(ledger.code, 'PERMISSION_DENIED');
    assert.deepEqual(faults.unused(), []);
  },
);
