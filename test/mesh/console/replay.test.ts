// Replay in the console: a plan, its page, and its publication by the hash; refused when anything moved since.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { commandIdOf } from '../../../shared/commands/command.ts';
import { good, withVisitors } from '../folders.ts';
import { addressesOf, openContext, skip, startBrowser } from './browser.ts';
import { entryAt, formAt, send } from './forms.ts';
import { assertReadable } from './readable.ts';
import { OTHER_OPERATOR, OWNER, READER, startConsole, type RunningConsole } from './start-console.ts';

let opened: RunningConsole;
let browser: Browser;
let first: string;
before(async () => {
  [opened, browser] = await Promise.all([startConsole(), skip ? (undefined as never) : startBrowser()]);
  for (const folder of [good(), withVisitors(123)]) {
    opened.mesh.put(folder);
    assert.equal((await opened.mesh.tick()).outcome, 'published');
  }
  first = (await opened.mesh.ledger())[0] ?? '';
});
after(async () => {
  await browser?.close();
  await opened?.close();
});

const planForm = () => `/p/carmila/commands/new/plan?run=${first}`;

/** Asks for a plan, and returns the path of its page. */
async function planned(path = planForm(), email = OWNER): Promise<string> {
  const answer = await send(opened, path, await formAt(opened, path, email), { reason: 'a test' }, { email });
  assert.equal(answer.status, 303, await answer.clone().text());
  const location = answer.headers.get('location') ?? '';
  assert.match(location, /^\/p\/carmila\/runs\/[\w-]+\/plans\/[0-9a-f]{16}$/);
  return location;
}

const applied = async (path: string, email = OWNER, reason = 'the sensors were counted twice') =>
  send(opened, path, await formAt(opened, path, email), { reason }, { email });

const rowsNow = () => opened.mesh.published();

test('a plan shows rows, the largest changes, its hash and what it was compared with; and changes nothing', async () => {
  const before = await rowsNow();
  const path = await planned();
  const page = (await (await opened.get(`${path}.json`)).json()) as {
    plan: { hash: string; expectedLatest: { run: string }; tables: { changed: number; largest: object[] }[] };
    isOutdated: boolean;
  };
  assert.equal(page.plan.hash, path.split('/').at(-1));
  assert.equal(page.plan.expectedLatest.run, (await opened.mesh.ledger()).at(-1));
  assert.ok((page.plan.tables[0]?.changed ?? 0) > 0 && (page.plan.tables[0]?.largest.length ?? 0) > 0);
  assert.equal(page.isOutdated, false);
  assert.equal(await rowsNow(), before);
});

test('a plan is published by its hash, once; the record names the person, and the ledger too', async () => {
  const path = await planned();
  const form = await formAt(opened, path, OTHER_OPERATOR);
  const reason = { reason: 'as it was <b>before</b>' };
  const answer = await send(opened, path, form, reason, { email: OTHER_OPERATOR });
  const location = answer.headers.get('location');
  const { by, through, ended } = await entryAt(opened, location);
  assert.deepEqual([by, through, ended?.result], [OTHER_OPERATOR, 'console', 'done'], ended?.message);
  const ledger = await opened.mesh.ledger();
  assert.equal(ledger.at(-1), first);
  const again = await send(opened, path, form, reason, { email: OTHER_OPERATOR });
  assert.equal(again.headers.get('location'), location);
  assert.equal((await opened.mesh.ledger()).length, ledger.length, 'a second click publishes nothing');
  const [entry] = await opened.mesh.query(
    'SELECT replayed_by, replay_reason FROM `sluice.publications` ORDER BY ordinal DESC LIMIT 1',
  );
  assert.deepEqual(entry, { replayed_by: OTHER_OPERATOR, replay_reason: reason.reason });
});

test('of two people with the same plan the second is refused, sees what the first did, and is offered a new plan', async () => {
  const path = await planned('/p/carmila/commands/new/plan?kind=rollback');
  const second = await formAt(opened, path, OTHER_OPERATOR);
  assert.equal((await applied(path)).status, 303);
  const ledger = (await opened.mesh.ledger()).length;
  const refused = await send(opened, path, second, { reason: 'me too' }, { email: OTHER_OPERATOR });
  const text = await refused.text();
  assert.equal(refused.status, 409);
  assert.match(text, /the newest publication was .* and now is /);
  assert.ok(text.includes(`replay by ${OWNER}`) && text.includes('kind=rollback'), text);
  assert.equal((await opened.mesh.ledger()).length, ledger);
  const page = await (await opened.get(path)).text();
  assert.match(page, /This plan is outdated/);
  assert.ok(!page.includes('method="post"'), 'an outdated plan has no form');
});

test('an edit by hand, which no page can see, is refused by publish-output, which names what moved', async () => {
  const path = await planned();
  const form = await formAt(opened, path);
  await opened.mesh.query('DELETE FROM `carmila_data.predictions_carmila` WHERE date = "2025-01-01"');
  const ledger = (await opened.mesh.ledger()).length;
  const answer = await send(opened, path, form, { reason: 'why' });
  const location = answer.headers.get('location') ?? '';
  const { ended } = await entryAt(opened, location);
  assert.deepEqual([ended?.result, ended?.code], ['refused', 'PLAN_OUTDATED']);
  assert.match(ended?.message ?? '', /predictions_carmila would now change by/);
  assert.equal((await opened.mesh.ledger()).length, ledger);
  assert.match(await (await opened.get(location)).text(), /Make a new plan/);
  // The new plan puts the rows back.
  assert.equal((await applied(await planned())).status, 303);
});

test('neither form is accepted from a reader, without a reason, a day later, or from another page', async () => {
  const plan = await planned();
  const ledger = (await opened.mesh.ledger()).length;
  for (const path of [planForm(), plan]) {
    const form = await formAt(opened, path);
    const reason = { reason: 'why' };
    const status = async (
      ...given: Parameters<typeof send> extends [unknown, ...infer Rest] ? Rest : never
    ) => (await send(opened, ...given)).status;
    assert.equal(await status(path, form, reason, { email: READER }), 403, path);
    assert.equal(await status(path, form, { reason: ' ' }), 400, path);
    const yesterday = { ...form, id: commandIdOf(Date.now() - 86_400_000, 'abcdef12') };
    assert.equal(await status(path, yesterday, reason), 409, path);
    assert.equal(await status(path, { ...form, seen: 'something else' }, reason), 409, path);
    const headers = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
    assert.equal(await status(path, form, reason, { headers }), 403, path);
  }
  assert.equal((await opened.get(planForm(), {}, READER)).status, 403);
  const page = await opened.get(plan, {}, READER);
  assert.equal(page.status, 200, 'a reader reads the plan');
  assert.ok(!(await page.text()).includes('method="post"'));
  assert.equal((await opened.mesh.ledger()).length, ledger);
});

test('a plan, a run or a page of it that does not exist is refused by name', async () => {
  const plan = await planned();
  for (const [path, status] of [
    [`/p/carmila/runs/${first}/plans/${'0'.repeat(16)}`, 404],
    [`/p/carmila/runs/${first}/plans/..%2Foutcome`, 404],
    [`${plan}?page=x`, 400],
    ['/p/carmila/commands/new/plan', 400],
    ['/p/carmila/commands/new/plan?run=../x', 400],
    ['/p/forecast-what-if/commands/new/plan?run=000001-3fa9c1d2', 404],
    ['/p/carmila/commands/new/pin', 404],
    ['/p/carmila/commands/new/rollback', 404],
  ] as const)
    assert.equal((await opened.get(path)).status, status, path);
  // A run that was never requested is refused by handle-commands, and recorded.
  const path = '/p/carmila/commands/new/plan?run=000099-3fa9c1d2';
  const answer = await send(opened, path, await formAt(opened, path), { reason: 'why' });
  const { ended } = await entryAt(opened, answer.headers.get('location'));
  assert.equal(ended?.code, 'RUN_NOT_FOUND');
});

describe('in a browser', { skip }, () => {
  async function tabTo(page: Page, name: RegExp): Promise<void> {
    for (let tab = 0; tab < 60; tab++) {
      await page.keyboard.press('Tab');
      const focused = page.locator(':focus');
      if ((await focused.count()) === 0) continue;
      if (name.test(await focused.evaluate((node) => node.getAttribute('name') ?? node.textContent))) return;
    }
    assert.fail(`no ${name} is reached by the keyboard`);
  }

  for (const javaScriptEnabled of [true, false])
    test(`from a run to its publication with Tab and Enter alone, ${javaScriptEnabled ? 'with' : 'without'} a script`, async () => {
      const { page, context, complaints } = await openContext(browser, { javaScriptEnabled });
      await page.goto(`${await opened.addressOf(OWNER)}/p/carmila/runs/${first}`);
      await tabTo(page, /^Plan a replay$/);
      await page.keyboard.press('Enter');
      await page.waitForURL('**/new/plan?run=*');
      await tabTo(page, /^reason$/);
      await page.keyboard.type('by the keyboard <script>alert(1)</script>');
      await tabTo(page, /^Send the command$/);
      await page.keyboard.press('Enter');
      await page.waitForURL('**/plans/*');
      await tabTo(page, /^reason$/);
      assert.match(await page.inputValue('textarea'), /^by the keyboard/, 'the reason is kept');
      await tabTo(page, /^Publish this plan$/);
      await page.keyboard.press('Enter');
      await page.waitForURL(/commands\/\d{8}T/);
      const text = await page.locator('main').innerText();
      assert.match(text, /done: Run .* is published/);
      assert.match(text, /<script>alert\(1\)<\/script>/);
      assert.equal(await page.locator('main script').count(), 0);
      assert.deepEqual(complaints, []);
      await context.close();
    });

  test('every page of it is readable at 320 pixels and wide, light and dark, in both languages', async () => {
    const outdated = await planned();
    assert.equal((await applied(outdated)).status, 303);
    const paths = [planForm(), '/p/carmila/commands/new/plan?kind=rollback', await planned(), outdated];
    const origin = await opened.addressOf(OWNER);
    await assertReadable(browser, addressesOf(origin, paths));
  });
});
