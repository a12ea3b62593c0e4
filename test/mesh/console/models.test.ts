// Pin, unpin and rollback of a model in a real browser, over a mesh of bikes that has trained twice.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { readAuditEntry } from '../../../shared/commands/audit.ts';
import { auditBucketOf } from '../../../shared/deployment.ts';
import { gcsStore } from '../../../shared/google/storage.ts';
import { LOCAL_PROJECT } from '../../../cli/local-mesh.ts';
import { xgboostHere } from '../../jobs/xgboost/installed.ts';
import { DAYS, exportOf, FILE } from '../bikes/counters.ts';
import { startBikes, type BikesMesh, type Service } from '../bikes/start-bikes.ts';
import type { VersionToChoose } from '../../../functions/console/forms/about.ts';
import { addressesOf, openContext, skip, startBrowser, type Opened } from './browser.ts';
import { entryAt, formAt, send, type AnyConsole } from './forms.ts';
import { assertReadable } from './readable.ts';
import { consoleOf, OTHER_OPERATOR, OWNER, PEOPLE, READER } from './start-console.ts';

const MODELS = '/p/bikes/models';
const form = (verb: string, query = '') => `/p/bikes/commands/new/${verb}${query}`;

interface Shown {
  readonly name: string;
  readonly champion: { readonly publication: string; readonly run: string; readonly madeBy: string };
  readonly isPinned: boolean;
  readonly pin: { readonly by: string; readonly reason: string } | null;
  readonly served: { readonly publication: string };
  readonly earlier: readonly { readonly publication: string; readonly run: string }[];
}

describe('the forms of models', { skip: skip || xgboostHere.skip }, () => {
  let mesh: BikesMesh;
  let opened: AnyConsole;
  let browser: Browser;
  before(async () => {
    [mesh, browser] = await Promise.all([startBikes(PEOPLE), startBrowser()]);
    opened = consoleOf(mesh.cloud);
    for (const days of [DAYS, DAYS + 7]) {
      await mesh.put(FILE, exportOf(days));
      const { outcome, reason } = await mesh.tick();
      assert.equal(outcome, 'published', reason);
    }
  });
  after(async () => {
    await browser?.close();
    await mesh?.close();
  });

  /** A model, as the screen has it as JSON. */
  async function shown(model: Service): Promise<Shown> {
    const answer = await opened.get(`${MODELS}.json`);
    assert.equal(answer.status, 200);
    const { models } = (await answer.json()) as { models: readonly Shown[] };
    const found = models.find(({ name }) => name === model);
    assert.ok(found, model);
    return found;
  }

  /** The newest entry of the ledger, as the screen of the pipeline names it. */
  async function newestEntry(): Promise<string> {
    const { at } = (await (await opened.get(`${MODELS}.json`)).json()) as { at: { id: string } };
    return at.id;
  }

  /** The record of a command, from the audit bucket itself. */
  const recordAt = (url: string) =>
    readAuditEntry(
      gcsStore(auditBucketOf(LOCAL_PROJECT), {
        GOOGLE_CLOUD_PROJECT: LOCAL_PROJECT,
        GOOGLE_API_ENDPOINT: mesh.cloud.endpoint,
      }),
      'bikes',
      url.split('/').at(-1) ?? '',
    );

  async function fill(page: Page, reason: string): Promise<void> {
    await page.getByLabel('Reason').fill(reason);
    await page.getByRole('button', { name: 'Send the command' }).click();
  }

  for (const { javaScriptEnabled, model } of [
    { javaScriptEnabled: true, model: 'reg' },
    { javaScriptEnabled: false, model: 'class' },
  ] as const)
    describe(javaScriptEnabled ? 'with a script' : 'without a script', () => {
      let at: Opened;
      before(async () => {
        at = await openContext(browser, { javaScriptEnabled });
      });
      after(async () => {
        assert.deepEqual(at.complaints, []);
        await at.context.close();
      });

      const section = () => at.page.locator(`#model-${model}`);
      const openModels = async () => at.page.goto((await opened.addressOf(OWNER)) + MODELS);

      /** Sends the form behind a link of the model's section; what the record says stands in the audit bucket too. */
      async function sendFrom(link: string, reason: string): Promise<string> {
        await openModels();
        await section().getByRole('link', { name: link, exact: true }).first().click();
        await at.page.waitForURL('**/commands/new/**');
        await fill(at.page, reason);
        await at.page.waitForURL(/commands\/\d{8}T/);
        const record = await recordAt(at.page.url());
        assert.deepEqual(
          [record?.by, record?.through, record?.command.reason, record?.ended?.result],
          [OWNER, 'console', reason, 'done'],
        );
        return at.page.locator('main').innerText();
      }

      test('a pin is shown with who made it and why, and an unpin takes it away', async () => {
        const reason = `the report uses <b>${model}</b>`;
        const before = await shown(model);
        assert.equal(before.isPinned, false);
        assert.match(await sendFrom('Pin the champion', reason), /done: The champion of run .* is pinned/);
        await openModels();
        const pinned = await section().innerText();
        assert.ok(pinned.includes(`${OWNER}: ${reason}`), pinned);
        assert.match(pinned, /Pinned by/);
        assert.equal((await mesh.pointer(model)).pinned, true);

        assert.match(await sendFrom('Take the pin away', 'the report is out'), /done: .* no longer pinned/);
        await openModels();
        assert.match(await section().innerText(), /It is not pinned/);
        assert.equal((await mesh.pointer(model)).pinned, false);
        assert.deepEqual((await shown(model)).champion, before.champion, 'a pin changes no version');
      });

      test('a rollback makes the chosen version of this model current and pins it; the other stays', async () => {
        const other: Service = model === 'reg' ? 'class' : 'reg';
        const [before, untouched] = [await shown(model), await shown(other)];
        const [wanted] = before.earlier;
        const text = await sendFrom('Roll back to this version', 'the newer one is worse');
        assert.match(text, new RegExp(`done: The model ${model} of ${wanted?.publication} is current again`));
        const now = await shown(model);
        assert.deepEqual([now.champion.run, now.champion.madeBy], [wanted?.run, 'rollback']);
        assert.deepEqual([now.pin?.by, now.pin?.reason], [OWNER, 'the newer one is worse']);
        assert.equal(now.served.publication, now.champion.publication, 'services follow it');
        assert.equal((await mesh.pointer(model)).publication, now.champion.publication);
        assert.equal(now.earlier[0]?.publication, before.champion.publication);
        assert.deepEqual((await shown(other)).champion, untouched.champion);
        await openModels();
        const page = await section().innerText();
        assert.match(page, new RegExp(`${now.champion.publication}[^]*Made current by\\s+a rollback`));
        await sendFrom('Take the pin away', 'as before');
      });
    });

  test('a form that was opened before another person pinned the models is refused, and nothing is entered', async () => {
    for (const javaScriptEnabled of [true, false]) {
      const { page, context, complaints } = await openContext(browser, { javaScriptEnabled });
      const rollback = form('rollback', '?model=reg');
      await page.goto((await opened.addressOf(OWNER)) + rollback);
      const theirs = form(javaScriptEnabled ? 'pin' : 'unpin');
      const answer = await send(
        opened,
        theirs,
        await formAt(opened, theirs, OTHER_OPERATOR),
        { reason: 'kept for the <i>fair</i>' },
        { email: OTHER_OPERATOR },
      );
      assert.equal((await entryAt(opened, answer.headers.get('location'))).ended?.result, 'done');
      const entered = await newestEntry();
      // Where no version was trained before the current one, a person has to choose.
      await page.getByRole('radio').first().check();
      const refused = page.waitForResponse((response) => response.request().method() === 'POST');
      await fill(page, 'too late');
      assert.equal((await refused).status(), 409);
      const text = await page.locator('main').innerText();
      assert.match(text, /something has changed since the form was shown/);
      assert.ok(text.includes(`by ${OTHER_OPERATOR}`) && text.includes('kept for the <i>fair</i>'), text);
      assert.equal(await newestEntry(), entered);
      // The form that is opened anew shows what stands now.
      await page.locator(`main a[href*="new/rollback"]`).click();
      await page.getByLabel('Reason').waitFor();
      assert.equal(/pinned/.test(await page.locator('main dl').innerText()), javaScriptEnabled);
      assert.deepEqual(
        complaints.filter((line) => !/status of 409/.test(line)),
        [],
      );
      await context.close();
    }
  });

  test('a second click is the same command; a reader, and a version that never was current, are refused', async () => {
    const pin = await formAt(opened, form('pin'));
    const first = await send(opened, form('pin'), pin, { reason: 'once' });
    const entered = await newestEntry();
    const second = await send(opened, form('pin'), pin, { reason: 'once' });
    assert.equal(second.headers.get('location'), first.headers.get('location'));
    assert.equal((await send(opened, form('pin'), pin, { reason: 'me' }, { email: READER })).status, 403);
    const path = form('rollback', '?model=reg');
    const to = { reason: 'why', to: 'bikes-000009-aaaaaaaa' };
    const never = await send(opened, path, await formAt(opened, path), to);
    const { ended } = await entryAt(opened, never.headers.get('location'));
    assert.deepEqual([ended?.result, ended?.code], ['refused', 'MODEL_NEVER_CURRENT']);
    assert.equal(await newestEntry(), entered);
  });

  test('a rollback shows of each version since when it was current, when it was trained, and what was measured', async () => {
    const answer = await opened.get(`${form('rollback', '.json?model=reg')}`);
    const { models } = (await answer.json()) as { models: { versions: readonly VersionToChoose[] } };
    assert.ok(models.versions.length >= 2);
    const page = await (await opened.get(form('rollback', '?model=reg'))).text();
    for (const { publication, since, measured } of models.versions) {
      const value = measured?.value?.toLocaleString('en-GB', { maximumSignificantDigits: 4 });
      const row = page.split('<tr>').find((each) => each.includes(`value="${publication}"`)) ?? '';
      assert.ok(value !== undefined && row.includes(`data-name="${measured?.metric}">${value}</td>`), row);
      for (const time of [since, measured?.trainedAt]) assert.ok(row.includes(`datetime="${time}"`), row);
    }
  });

  test('each form is readable at 320 pixels and wide, in light and dark, in both languages', async () => {
    const forms = [MODELS, form('pin'), form('unpin'), form('rollback', '?model=class')];
    const origin = await opened.addressOf(OWNER);
    await assertReadable(browser, addressesOf(origin, forms));
  });
});
