// The drills of npm start: each failure strikes, and the mesh publishes all the same, once; the page is closed to other pages.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { DRILLS } from '../../../cli/drills/catalog.ts';
import { Deliveries } from '../../../cli/drills/deliveries.ts';
import { Drills } from '../../../cli/drills/drills.ts';
import { DRILL_WORDS } from '../../../cli/drills/words.ts';
import { serveDrills, type ServedDrills } from '../../../cli/drills/serve.ts';
import { good } from '../folders.ts';
import { openContext, skip, startBrowser } from './browser.ts';
import { assertReadable } from './readable.ts';
import { OWNER, startConsole, type RunningConsole } from './start-console.ts';

let opened: RunningConsole;
let drills: Drills;
let served: ServedDrills;
let clockMs = 0;

before(async () => {
  const deliveries = new Deliveries();
  opened = await startConsole({ interference: deliveries.interference });
  const { mesh } = opened;
  mesh.put(good());
  assert.equal((await mesh.tick()).outcome, 'published');
  let ids = 0;
  drills = new Drills({
    cloud: mesh.cloud,
    deliveries,
    now: () => Date.now() + clockMs,
    newId: () => `drill${++ids}-0000`,
  });
  served = await serveDrills({
    drills,
    pipelines: ['carmila'],
    timeZone: 'Europe/Paris',
    consoleAddress: () => mesh.cloud.iap.addressFor(OWNER),
  });
});
after(async () => {
  await served?.close();
  await opened?.close();
});

const send = (form: Readonly<Record<string, string>>, headers: Readonly<Record<string, string>> = {}) =>
  fetch(served.address, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams(form).toString(),
    redirect: 'manual',
  });
const texts = () => drills.happened.map(({ what }) => DRILL_WORDS.en.said(what));

describe('a drill', () => {
  for (const { name, strike } of DRILLS)
    test(`${name}: the failure strikes, and the run is published once`, async () => {
      const { mesh } = opened;
      const { title } = DRILL_WORDS.en.of[name];
      const beforeIt = await mesh.ledger();
      assert.equal((await send({ drill: name, pipeline: 'carmila' })).status, 303);
      const run = /^Run (\S+) of carmila is requested/m.exec(texts().join('\n'))?.[1];
      assert.ok(run !== undefined, texts().join('\n'));
      if (strike.kind === 'outage') {
        assert.ok(drills.isUnderWay);
        const since = mesh.logLines.length;
        await mesh.logged(/503|planned fault/, since);
        // A minute later.
        clockMs += strike.ms;
      } else await mesh.until(`${title} strikes`, () => (drills.isUnderWay ? undefined : true));
      if (name === 'dropped-delivery') await send({ do: 'sweep' });
      const ended = await mesh.swept();
      assert.deepEqual([ended.run, ended.outcome], [run, 'published']);
      assert.deepEqual(await mesh.ledger(), [...beforeIt, run], 'once');
      if (name === 'killed-job') assert.equal((await mesh.newestRun()).attempts.length, 2);
      if (strike.kind !== 'outage') assert.ok(texts().some((text) => text.startsWith(`${title}: it struck`)));
    });
});

test('what has not struck is taken back, and what is unknown is refused by name', async () => {
  assert.equal((await send({ drill: 'earthquake', pipeline: 'carmila' })).status, 400);
  assert.match(
    await (await send({ drill: 'lost-answer', pipeline: 'nope' })).text(),
    /expected pipeline: carmila/,
  );
  assert.equal((await send({ do: 'stop' })).status, 303);
  assert.ok(!drills.isUnderWay);
  assert.equal((await fetch(served.address.replace(/drills$/, 'nothing'))).status, 404);
});

test('a page of another site, or of another name of this machine, starts nothing', async () => {
  const happened = texts().length;
  const foreign: readonly Readonly<Record<string, string>>[] = [
    { origin: 'https://evil.example' },
    { 'sec-fetch-site': 'cross-site' },
  ];
  for (const headers of foreign)
    assert.equal((await send({ drill: 'lost-answer', pipeline: 'carmila' }, headers)).status, 403);
  assert.equal(texts().length, happened);
});

test('the page is readable by everyone, without a script, and leads to the console', { skip }, async () => {
  const browser: Browser = await startBrowser();
  try {
    await assertReadable(browser, { drills: served.address });
    const { page, context } = await openContext(browser, { javaScriptEnabled: false });
    await page.goto(served.address);
    assert.equal(await page.getByRole('button', { name: /^Start: / }).count(), DRILLS.length);
    await page.getByRole('link', { name: 'Console', exact: true }).click();
    await page.getByRole('heading', { name: 'Now' }).waitFor();
    await page.goto(served.address);
    await page.getByRole('link', { name: 'Français' }).click();
    // A form keeps the language that was chosen by hand.
    await page.getByRole('button', { name: 'Lancer le balayage' }).click();
    await page.getByText('Le balayage a répondu 200.').first().waitFor();
    await context.close();
  } finally {
    await browser.close();
  }
});
