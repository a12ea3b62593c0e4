// Dead letters in the console: listed without being taken, published again or deleted by a form, and hostile in every field.
import { PubSub } from '@google-cloud/pubsub';
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { LOCAL_PROJECT } from '../../../cli/local-mesh.ts';
import { PASSED_ON } from '../../../shared/access/assertion.ts';
import { commandIdOf } from '../../../shared/commands/command.ts';
import type { DeadLetterList } from '../../../shared/dead-letters/list.ts';
import { bearerOf } from '../invokers.ts';
import { addressesOf, openContext, skip, startBrowser } from './browser.ts';
import { entryAt, send } from './forms.ts';
import { assertReadable, unfold } from './readable.ts';
import { OTHER_OPERATOR, OWNER, READER, startConsole, type RunningConsole } from './start-console.ts';

const HOSTILE = '<img src=x onerror=alert(1)></script>\u202Eevil';
const TO_START = 'run-requested-to-start-run';
const RUN = '000001-0123abcd';

let opened: RunningConsole;
let browser: Browser;
let pubsub: PubSub;
before(async () => {
  // A message that is refused is given up within seconds, not minutes.
  const options = { countsMessages: true, config: { 'sluice:minimumBackoff': '0s' } } as const;
  [opened, browser] = await Promise.all([
    startConsole(options),
    skip ? (undefined as never) : startBrowser(),
  ]);
  const apiEndpoint = new URL(opened.mesh.cloud.endpoint).host;
  // REST (`fallback`, which the client reads and its type leaves out), as the mesh itself publishes.
  pubsub = new PubSub({ projectId: LOCAL_PROJECT, apiEndpoint, ...{ fallback: true, protocol: 'http' } });
  await publish('run-requested', `${HOSTILE} ${'x'.repeat(10_000)}`, { sender: HOSTILE });
  await publish('run-requested', JSON.stringify({ pipeline: 'carmila', run: RUN }));
  await publish('load-requested', JSON.stringify({ pipeline: HOSTILE, run: '../../state' }));
  await counted(3);
});
after(async () => {
  await browser?.close();
  await pubsub?.close();
  await opened?.close();
});

const publish = (topic: string, text: string, attributes: Record<string, string> = {}) =>
  pubsub.topic(topic).publishMessage({ data: Buffer.from(text), attributes });

async function list(email = OWNER): Promise<DeadLetterList> {
  const answer = await opened.get('/dead-letters.json', {}, email);
  assert.equal(answer.status, 200, await answer.clone().text());
  return (await answer.json()) as DeadLetterList;
}

/** What was read a moment ago is shown again, so this waits for a reading that has them. */
const counted = (count: number): Promise<DeadLetterList> =>
  opened.mesh.until(`${count} dead letters`, async () => {
    const found = await list();
    return found.count === count ? found : undefined;
  });

const formPath = (verb: string, id: string, subscription = TO_START) =>
  `/dead-letters/new/${verb}?subscription=${subscription}&letter=${id}`;

interface Form {
  readonly id: string;
  readonly seen: string;
}

async function formOf(verb: string, letter: string, email = OWNER) {
  const [plain, query] = formPath(verb, letter).split('?');
  const answer = await opened.get(`${plain}.json?${query}`, {}, email);
  assert.equal(answer.status, 200, await answer.clone().text());
  const { id, seen } = (await answer.json()) as Form;
  const fields = [
    ['subscription', TO_START],
    ['letter', letter],
  ] as const;
  return { id, seen, fields };
}

const letterOf = (found: DeadLetterList, run: string | null) => {
  const one = found.deadLetters.find((each) => each.subscription === TO_START && each.run === run);
  assert.ok(one, JSON.stringify(found));
  return one;
};

test('each is listed with its run, its reason, its deliveries and a bounded message; nothing is taken away', async () => {
  const found = await list(READER);
  assert.equal(found.count, 3);
  const known = letterOf(found, RUN);
  assert.deepEqual([known.pipeline, known.deliveries, known.redrivenTimes], ['carmila', 10, 0]);
  assert.match(known.reason, /there is no run 000001-0123abcd/);
  const hostile = letterOf(found, null);
  assert.ok(hostile.data.length <= 2_001 && hostile.sizeBytes > 10_000);
  assert.ok(hostile.attributes.includes(`sender: ${HOSTILE}`));
  const page = await (await opened.get('/dead-letters', {}, READER)).text();
  assert.ok(!page.includes('<img') && page.includes('&lt;img src=x onerror=alert(1)&gt;'));
  assert.ok(!page.includes('type="checkbox"'), 'a reader chooses none');
});

test('the page Now says how many there are, and never reads them again by itself', async () => {
  const now = async () =>
    (await (await opened.get('/index.json')).json()) as { deadLetters: { count: number; readAt: string } };
  const { count, readAt } = (await now()).deadLetters;
  assert.equal(count, 3);
  assert.equal((await now()).deadLetters.readAt, readAt);
  assert.match(await (await opened.get('/')).text(), /href="\/dead-letters">3 dead letters</);
  assert.match(await (await opened.get('/dead-letters')).text(), /data-pace="still"/);
});

test('the list is given to no one past the proxy: the console needs the assertion of a person', async () => {
  const url = opened.mesh.cloud.functionUrl('handle-commands');
  const post = async (email: string, headers: Readonly<Record<string, string>> = {}) =>
    fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: await bearerOf(opened.mesh, email, url),
        ...headers,
      },
      body: JSON.stringify({ list: 'dead-letters' }),
    });
  const CONSOLE = 'sluice-console@sluice-local.iam.gserviceaccount.com';
  for (const headers of [{}, { [PASSED_ON]: 'forged' }] as Readonly<Record<string, string>>[]) {
    const answer = await post(CONSOLE, headers);
    assert.equal(answer.status, 400);
    assert.match(await answer.text(), /CALLER_UNKNOWN/);
  }
  assert.equal((await post('ada@example.org')).status, 403);
});

test('a form is refused from a reader, without a choice, a day later, and for what is not there', async () => {
  const { id: letter } = letterOf(await list(), RUN);
  const form = await formOf('drop', letter);
  const path = '/dead-letters/new/drop';
  const reason = { reason: 'why' };
  const status = async (
    given: typeof form | (Form & { fields: [] }),
    more: Readonly<Record<string, string>> = reason,
    email = OWNER,
  ) => (await send(opened, path, given, more, { email })).status;
  assert.equal(await status(form, reason, READER), 403);
  assert.equal(await status(form, { reason: '' }), 400);
  assert.equal(await status({ ...form, fields: [] }), 400);
  assert.equal(await status({ ...form, id: commandIdOf(Date.now() - 86_400_000, 'abcdef12') }), 409);
  const headers = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
  assert.equal((await send(opened, path, form, reason, { headers })).status, 403);
  assert.equal((await opened.get(formPath('drop', letter), {}, READER)).status, 403);
  assert.equal((await opened.get(formPath('drop', '987654'))).status, 404);
  assert.equal((await opened.get(formPath('drop', letter, 'of-mine'))).status, 400);
  assert.equal((await opened.get(formPath('erase', letter))).status, 404);
  assert.equal((await opened.get('/dead-letters?page=x')).status, 400);
  assert.equal((await counted(3)).count, 3, 'nothing was done');
});

test('of two people who chose the same message the second sees what the first did; it counts its redrives', async () => {
  const { id: letter } = letterOf(await list(), RUN);
  const [first, second] = [await formOf('redrive', letter), await formOf('redrive', letter, OTHER_OPERATOR)];
  const path = '/dead-letters/new/redrive';
  const answer = await send(opened, path, first, { reason: 'the run is <b>there</b> now' });
  assert.equal(answer.status, 303, await answer.clone().text());
  const location = answer.headers.get('location') ?? '';
  const { by, through, ended } = await entryAt(opened, location);
  assert.deepEqual([by, through, ended?.result], [OWNER, 'console', 'done']);
  assert.match(ended?.message ?? '', new RegExp(`^Requeued: ${letter}`));
  assert.equal(
    (await send(opened, path, first, { reason: 'the run is <b>there</b> now' })).headers.get('location'),
    location,
  );
  const refused = await send(opened, path, second, { reason: 'me too' }, { email: OTHER_OPERATOR });
  assert.equal(refused.status, 409);
  assert.ok((await refused.text()).includes(`redrive by ${OWNER}`));
  // It is refused again, and comes back as another dead letter of the same message.
  const again = await opened.mesh.until('the message to be given up again', async () =>
    (await list()).deadLetters.find((each) => each.run === RUN && each.id !== letter),
  );
  assert.equal(again.redrivenTimes, 1);
  assert.equal(again.redrivenBy, location.split('/').at(-1));
});

describe('in a browser', { skip }, () => {
  for (const javaScriptEnabled of [true, false])
    test(`a message is chosen and deleted, ${javaScriptEnabled ? 'with' : 'without'} a script`, async () => {
      const { count } = await list();
      const { page, context, complaints } = await openContext(browser, { javaScriptEnabled });
      await page.goto(`${await opened.addressOf(OWNER)}/dead-letters`);
      await page.getByRole('checkbox').first().check();
      await page.getByRole('button', { name: 'Delete' }).first().click();
      await page.waitForURL('**/new/drop?*');
      assert.match(await page.locator('main').innerText(), /cannot be had back/);
      await page.getByLabel('Reason').fill(`a typing error ${HOSTILE}`);
      await page.getByRole('button', { name: 'Send the command' }).click();
      await page.waitForURL(/dead-letters\/commands\/\d{8}T/);
      const text = await page.locator('main').innerText();
      assert.match(text, /done: Deleted: \d+/);
      assert.match(text, /<img src=x onerror=alert\(1\)>/);
      assert.equal(await page.locator('main img, main script').count(), 0);
      await counted(count - 1);
      assert.deepEqual(complaints, []);
      await context.close();
    });

  test('its pages are readable at 320 pixels and wide, light and dark, in both languages', async () => {
    await publish('run-requested', `${HOSTILE}${'\u2066'.repeat(50)}`, { [HOSTILE]: 'x'.repeat(900) });
    const found = await opened.mesh.until('a dead letter', async () =>
      (await list()).deadLetters.find(({ data }) => data.includes('\u2066')),
    );
    const paths = ['/dead-letters', formPath('redrive', found.id), '/', '/p/carmila/audit'];
    const origin = await opened.addressOf(OWNER);
    await assertReadable(browser, addressesOf(origin, paths), { loaded: unfold });
  });
});
