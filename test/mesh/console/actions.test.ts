// Every command on a pipeline and its runs, sent from its form in a real browser, with a script and without.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { readStatus } from '../../../shared/history/history.ts';
import { readOutcome } from '../../../shared/runs/outcome.ts';
import { withVisitors } from '../folders.ts';
import { stoppedJob } from '../stopped-job.ts';
import { openContext, skip, startBrowser, type Opened } from './browser.ts';
import { OWNER, startConsole, type RunningConsole } from './start-console.ts';

const REASON = 'a <b>test</b> \u202Eof words';

let opened: RunningConsole;
let browser: Browser;
let visitors = 100;
before(async () => {
  if (skip) return;
  [opened, browser] = await Promise.all([startConsole(), startBrowser()]);
  opened.mesh.put(withVisitors(visitors));
  assert.equal((await opened.mesh.tick()).outcome, 'published');
});
after(async () => {
  await browser?.close();
  await opened?.close();
});

const statusOf = () => readStatus(opened.mesh.runs, 'carmila');
const outcomeOf = (run: string) =>
  opened.mesh.until(`the outcome of ${run}`, () => readOutcome(opened.mesh.runs, 'carmila', run));

for (const javaScriptEnabled of [true, false])
  describe(javaScriptEnabled ? 'with a script' : 'without a script', { skip }, () => {
    let at: Opened;
    before(async () => {
      at = await openContext(browser, { javaScriptEnabled });
    });
    after(async () => {
      assert.deepEqual(at.complaints, []);
      await at.context.close();
    });

    /** Sends the form that a link of the page leads to; returns what the record of the command says. */
    async function sendFrom(path: string, link: string, page: Page = at.page): Promise<string> {
      await page.goto((await opened.addressOf(OWNER)) + path);
      await page.locator('main').getByRole('link', { name: link, exact: true }).first().click();
      await page.waitForURL('**/commands/new/**');
      const effect = await page.locator('main').innerText();
      assert.match(effect, /It stands in the audit record with your address/);
      await page.getByLabel('Reason').fill(REASON);
      await page.getByRole('button', { name: 'Send the command' }).click();
      await page.waitForURL(/commands\/\d{8}T/);
      const text = await page.locator('main').innerText();
      assert.ok(text.includes('a <b>test</b>'), text);
      assert.equal(await page.locator('main b, main script').count(), 0);
      return text;
    }
    const of = (run: string) => `/p/carmila/runs/${run}`;

    test('a pipeline is paused, resumed, and run although nothing changed', async () => {
      assert.match(await sendFrom('/p/carmila/commands', 'Pause'), /done: carmila is paused/);
      assert.equal((await statusOf()).paused?.by, OWNER);
      assert.match(await sendFrom('/p/carmila/commands', 'Resume'), /done: carmila is resumed/);
      assert.equal((await statusOf()).paused, undefined);
      assert.match(await sendFrom('/p/carmila/commands', 'Run now'), /done: Run \d{6}-\w{8} requested/);
      // The record leads to the run that it requested.
      await at.page.locator('main dd').getByRole('link').first().click();
      await at.page.waitForURL(/runs\/\d{6}-/);
      const run = at.page.url().split('/').at(-1) ?? '';
      assert.equal((await outcomeOf(run)).outcome, 'published');
    });

    test('a run that executes is held, and released once it has ended', async () => {
      const { run, goOn } = await stoppedJob(opened.mesh, ++visitors);
      assert.match(await sendFrom(of(run), 'Hold'), /done: The output of run .* will be kept back/);
      goOn();
      assert.equal((await outcomeOf(run)).outcome, 'held');
      assert.ok(!(await opened.mesh.ledger()).includes(run));
      assert.match(await sendFrom(of(run), 'Release'), /done: Run .* is published/);
      assert.equal((await opened.mesh.ledger()).at(-1), run);
    });

    test('a run that executes is cancelled, and offers no cancel afterwards', async () => {
      const { run } = await stoppedJob(opened.mesh, ++visitors);
      assert.match(await sendFrom(of(run), 'Cancel'), /done: Run .* is cancelled/);
      assert.equal((await outcomeOf(run)).outcome, 'cancelled');
      const page = await (await opened.get(of(run))).text();
      assert.ok(!page.includes('new/cancel'), 'what has ended offers no cancel');
    });

    test('what comes too late is refused, and the record says why', async () => {
      const run = (await opened.mesh.ledger()).at(-1) ?? '';
      for (const verb of ['cancel', 'hold']) {
        await at.page.goto(`${await opened.addressOf(OWNER)}/p/carmila/commands/new/${verb}?run=${run}`);
        await at.page.getByLabel('Reason').fill(REASON);
        await at.page.getByRole('button', { name: 'Send the command' }).click();
        await at.page.waitForURL(/commands\/\d{8}T/);
        assert.match(await at.page.locator('main').innerText(), /refused: Too late/, verb);
      }
    });
  });
