// Every screen of the console in a real browser: readable by everyone, true without a script, and closed to what is hostile.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { good, withFlux, withVisitors } from '../folders.ts';
import { addressesOf, assertSameWithoutScript, openContext, skip, startBrowser } from './browser.ts';
import { assertReadable, violationsIn } from './readable.ts';
import { OWNER, startConsole, type RunningConsole } from './start-console.ts';

const MARKUP = '<img src=x onerror=alert(1)></script><script>alert(2)</script>';
const RIGHT_TO_LEFT = '\u202Eevil\u2066';
const LONG = 'x'.repeat(10_000);

let opened: RunningConsole;
let browser: Browser;
let address: string;
let paths: Readonly<Record<string, string>>;
let failed: string;

before(async () => {
  if (skip) return;
  [opened, browser] = await Promise.all([startConsole(), startBrowser()]);
  const { mesh } = opened;
  for (const folder of [good(), withVisitors(123)]) {
    mesh.put(folder);
    assert.equal((await mesh.tick()).outcome, 'published');
  }
  const published = (await mesh.newestRun()).run;
  mesh.put(withFlux(['A1', MARKUP, RIGHT_TO_LEFT], [LONG, 'javascript:alert(3)', 'y']));
  assert.equal((await mesh.tick()).outcome, 'failed');
  failed = (await mesh.newestRun()).run;
  address = await opened.addressOf(OWNER);
  const of = '/p/carmila';
  paths = {
    now: '/',
    'is it right': of,
    'as it was': `${of}?at=carmila-${(await mesh.ledger())[0]}`,
    runs: `${of}/runs`,
    'runs, filtered': `${of}/runs?status=published`,
    'a run that failed': `${of}/runs/${failed}`,
    'a run that is published': `${of}/runs/${published}`,
    'its sources': `${of}/runs/${failed}/sources`,
    'its log': `${of}/runs/${failed}/log`,
    'its trace': `${of}/runs/${failed}/trace`,
    sources: `${of}/sources`,
    'runs that are searched': `${of}/runs?status=failed&cause=schedule&from=2020-01-01`,
    'what changed': `${of}/changes`,
    'every row that changed': `${of}/changes?show=changed`,
    audit: `${of}/audit`,
    commands: `${of}/commands`,
    'a form': `${of}/commands/new/cancel?run=${failed}`,
    'requested runs': '/p/forecast-what-if',
  };
});
after(async () => {
  await browser?.close();
  await opened?.close();
});

describe('every screen', { skip }, () => {
  test('axe finds nothing, it fits, and no policy is broken: 320 pixels and wide, light and dark, both languages', () =>
    assertReadable(browser, addressesOf(address, paths)));

  test('axe does find a fault that is planted', async () => {
    const { page, context } = await openContext(browser);
    await page.goto(address);
    await page.evaluate("document.querySelector('main').append(document.createElement('img'))");
    assert.match((await violationsIn(page)).join(), /image-alt/);
    await context.close();
  });

  test('says the same without a script', () =>
    // Each reading is a check of its own, and a second may pass between two.
    assertSameWithoutScript(browser, addressesOf(address, paths), (text) =>
      text.replace(/Checked \d+ \w+ \d{4}, [\d:]{8}/, 'Checked'),
    ));

  test('is JSON as well, by its name and by Accept', async () => {
    for (const [name, path] of Object.entries(paths)) {
      const [plain = '', query = ''] = path.split('?');
      const named = `${plain === '/' ? '/index' : plain}.json?${query}`;
      const [byName, byAccept] = await Promise.all([
        opened.get(named),
        opened.get(path, { accept: 'application/json' }),
      ]);
      assert.equal(byName.headers.get('content-type'), 'application/json; charset=utf-8', name);
      // Each form has an id of its own, and each check a time.
      const withoutId = (text: string) =>
        text.replace(/"id": "\d{8}T.*?"/, '').replace(/("check": \{\s*)"at": ".*?"/, '$1');
      assert.equal(withoutId(await byName.text()), withoutId(await byAccept.text()), name);
    }
  });
});

describe('what is hostile', { skip }, () => {
  test('stands as text: every problem of the refused workbook, whole cells bounded', async () => {
    const { page, context, complaints } = await openContext(browser);
    await page.goto(`${address}/p/carmila/runs/${failed}`);
    const text = await page.locator('main').innerText();
    assert.match(text, /<img src=x onerror=alert\(1\)>/);
    assert.equal(await page.locator('main img, main script').count(), 0);
    assert.equal(await page.locator('a[href^="javascript:"]').count(), 0);
    assert.ok(!text.includes('x'.repeat(2_000)), 'a name of 10 kB is shortened');
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test('is refused in the language of its reader: what was found and expected in each cell, and what has no page', async () => {
    for (const path of [`/p/carmila/runs/${failed}`, `/p/carmila/runs/${failed}/sources`]) {
      const text = await (await opened.get(`${path}?lang=fr`)).text();
      const problems = /<h2>Problèmes dans la source[^]*?<\/table>/.exec(text)?.[0] ?? '';
      assert.match(problems, /<bdi>le texte &quot;[^]*<bdi>une cellule de date, ou une date telle que/);
      assert.doesNotMatch(problems, /lang="en"/);
      if (path.endsWith(failed))
        assert.match(
          text,
          /Motif<\/dt>\s*<dd><bdi>2025 flux quotidiens.xlsx, feuille .*.: trouvé .*.; attendu /,
        );
    }
    assert.match(
      await (await opened.get('/p/nope?lang=fr')).text(),
      /Cette page n’existe pas.:\s+<bdi>le pipeline nope</,
    );
  });

  test('in an address is refused as text, in HTML and JSON', async () => {
    for (const path of [
      `/p/${encodeURIComponent(MARKUP)}`,
      `/p/carmila/runs/${encodeURIComponent(RIGHT_TO_LEFT)}`,
      '/p/%00',
    ]) {
      const answer = await opened.get(path);
      assert.equal(answer.status, 404, path);
      assert.ok(!(await answer.text()).includes('<img'), path);
    }
    const answer = await opened.get(`/?lang=${encodeURIComponent('"><script>')}`);
    assert.ok(!(await answer.text()).includes('"><script>'));
    const long = await opened.get(`/p/${LONG}`);
    assert.ok((await long.text()).length < 5_000);
  });

  test('a policy stands on every answer, and nothing may be framed or sniffed', async () => {
    for (const path of ['/', '/p/nope', '/index.json', '/assets/none.js']) {
      const { headers } = await opened.get(path);
      const policy = headers.get('content-security-policy') ?? '';
      for (const part of [
        "default-src 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
      ])
        assert.ok(policy.includes(part), `${path}: ${policy}`);
      assert.ok(!/unsafe|\*|https?:/.test(policy), policy);
      assert.equal(headers.get('x-content-type-options'), 'nosniff');
      assert.equal(headers.get('set-cookie'), null);
    }
  });
});

describe('an open page', { skip }, () => {
  test('follows a run by itself, keeps what was unfolded, and sends nothing again that is unchanged', async () => {
    const { page, context, complaints } = await openContext(browser);
    // A clock of its own: the page asks a minute later.
    await page.clock.install();
    await page.goto(address);
    await page.locator('details.why summary').first().click();
    const statuses: number[] = [];
    page.on('response', (response) => {
      if (response.request().resourceType() === 'fetch') statuses.push(response.status());
    });
    const asked = async () => {
      const before = statuses.length;
      await page.clock.runFor(61_000);
      await opened.mesh.until('the page asks', () => (statuses.length > before ? true : undefined));
    };
    await asked();
    await asked();
    assert.deepEqual(statuses, [200, 304]);
    opened.mesh.put(good());
    assert.equal((await opened.mesh.tick()).outcome, 'published');
    await asked();
    await page.locator('#p-carmila .state.good').waitFor();
    assert.equal(await page.locator('details[open]').count(), 1, 'what was unfolded stays so');
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test('never asks while it is hidden', async () => {
    const { page, context } = await openContext(browser);
    await page.clock.install();
    await page.addInitScript("Object.defineProperty(document, 'hidden', { get: () => true })");
    await page.goto(address);
    let asked = 0;
    page.on('request', (request) => (asked += Number(request.resourceType() === 'fetch')));
    await page.clock.runFor(3_600_000);
    assert.equal(asked, 0);
    await context.close();
  });

  test('says so when its session has ended, and when there is no answer', async () => {
    const { page, context } = await openContext(browser);
    await page.clock.install();
    for (const [status, says] of [
      [401, /session has ended/],
      [503, /No answer/],
    ] as const) {
      await page.goto(address);
      await page.route(`${address}/`, (route) => route.fulfill({ status }));
      await page.clock.runFor(61_000);
      await page.locator('#notice').filter({ hasText: says }).waitFor();
      await page.unroute(`${address}/`);
    }
    await context.close();
  });
});
