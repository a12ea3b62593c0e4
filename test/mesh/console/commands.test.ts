// Commands from the console: who may send one, what is recorded, and every form that acts on nothing.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { PASSED_ON } from '../../../shared/access/assertion.ts';
import { commandIdOf } from '../../../shared/commands/command.ts';
import { run } from '../commands.ts';
import { bearerOf } from '../invokers.ts';
import { good } from '../folders.ts';
import { openContext, skip, startBrowser } from './browser.ts';
import {
  OTHER_OPERATOR,
  OWNER,
  READER,
  startConsole,
  WITHOUT_RIGHTS,
  type RunningConsole,
} from './start-console.ts';

const PAUSE = '/p/carmila/commands/new/pause';
const RESUME = '/p/carmila/commands/new/resume';

let opened: RunningConsole;
before(async () => {
  opened = await startConsole();
  opened.mesh.put(good());
  assert.equal((await opened.mesh.tick()).outcome, 'published');
});
after(() => opened?.close());

interface Form {
  readonly id: string;
  readonly seen: string;
}

async function formAt(path: string, email = OWNER): Promise<Form> {
  const answer = await opened.get(`${path}.json`, {}, email);
  assert.equal(answer.status, 200, await answer.clone().text());
  return (await answer.json()) as Form;
}

/** Sends a form as a browser does, with or without what it says of its page. */
async function send(path: string, fields: Readonly<Record<string, string>>, email = OWNER, headers?: object) {
  const address = await opened.addressOf(email);
  const own = { origin: address, 'sec-fetch-site': 'same-origin' };
  return fetch(address + path, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...(headers ?? own) } as Record<
      string,
      string
    >,
    body: new URLSearchParams(fields).toString(),
  });
}

const isPaused = async (): Promise<boolean> =>
  (await (await opened.get('/p/carmila.json')).text()).includes('"condition": "paused"');

/** What the record page shows, as data. */
async function recordAt(location: string | null): Promise<Record<string, unknown>> {
  const answer = await opened.get(`${location}.json`);
  assert.equal(answer.status, 200);
  return ((await answer.json()) as { entry: Record<string, unknown> }).entry;
}

describe('a command', () => {
  test('is carried out once; the record says by whom and through what', async () => {
    const form = await formAt(PAUSE, OTHER_OPERATOR);
    const fields = { id: form.id, seen: form.seen, reason: 'an audit <b>of</b> the doors' };
    const answer = await send(PAUSE, fields, OTHER_OPERATOR);
    assert.equal(answer.status, 303, await answer.clone().text());
    const location = answer.headers.get('location');
    const entry = await recordAt(location);
    assert.equal(entry['by'], OTHER_OPERATOR);
    assert.equal(entry['through'], 'console');
    assert.equal((entry['ended'] as { result: string }).result, 'done');
    assert.ok(await isPaused());
    // A second click, or a reload: the same command acts once and shows the same record.
    const again = await send(PAUSE, fields, OTHER_OPERATOR);
    assert.equal(again.headers.get('location'), location);
    const page = await (await opened.get(String(location))).text();
    assert.ok(page.includes('an audit &lt;b&gt;of&lt;/b&gt; the doors'));
  });

  test('of two people who act at once the second sees what the first did', async () => {
    const [first, second] = [await formAt(RESUME), await formAt(RESUME, OTHER_OPERATOR)];
    const reason = 'the doors are counted again';
    assert.equal((await send(RESUME, { ...first, reason })).status, 303);
    assert.ok(!(await isPaused()));
    const refused = await send(RESUME, { ...second, reason: 'me too' }, OTHER_OPERATOR);
    assert.equal(refused.status, 409);
    assert.ok((await refused.text()).includes(`resume by ${OWNER}`));
  });
});

describe('a form is refused, and nothing is done', () => {
  const unchanged = async (work: () => Promise<Response>, status: number): Promise<string> => {
    const answer = await work();
    const text = await answer.text();
    assert.equal(answer.status, status, text);
    assert.ok(!(await isPaused()));
    return text;
  };

  test('without a reason, without its fields, with another method of encoding', async () => {
    const form = await formAt(PAUSE);
    for (const fields of [
      { ...form, reason: '' },
      { ...form, reason: ' ' },
      { reason: 'why' },
      { ...form, reason: 'x'.repeat(501) },
    ])
      await unchanged(() => send(PAUSE, fields as Record<string, string>), 400);
    const own = { origin: await opened.addressOf(OWNER), 'sec-fetch-site': 'same-origin' };
    await unchanged(
      () => send(PAUSE, { ...form, reason: 'why' }, OWNER, { ...own, 'content-type': 'text/plain' }),
      400,
    );
  });

  test('when its page is older than ten minutes', async () => {
    const { seen } = await formAt(PAUSE);
    const id = commandIdOf(Date.now() - 11 * 60_000, 'abcdef12');
    assert.match(
      await unchanged(() => send(PAUSE, { id, seen, reason: 'why' }), 409),
      /more than 10 minutes old/,
    );
  });

  test('unless its origin and its site are those of the console', async () => {
    const form = { ...(await formAt(PAUSE)), reason: 'why' };
    const origin = await opened.addressOf(OWNER);
    for (const headers of [
      { origin },
      { 'sec-fetch-site': 'same-origin' },
      { origin: 'null', 'sec-fetch-site': 'same-origin' },
      { origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' },
      { origin, 'sec-fetch-site': 'cross-site' },
      { origin, 'sec-fetch-site': 'same-site' },
    ])
      await unchanged(() => send(PAUSE, form, OWNER, headers), 403);
  });

  test('of a reader: 403 that names the setting', async () => {
    assert.equal((await opened.get(PAUSE, {}, READER)).status, 403);
    const form = { ...(await formAt(PAUSE)), reason: 'why' };
    assert.match(await unchanged(() => send(PAUSE, form, READER), 403), /sluice:consoleOperators/);
  });

  test('of someone whom the stack does not name, before the console is reached', async () => {
    const answer = await opened.get('/', {}, WITHOUT_RIGHTS);
    assert.equal(answer.status, 403);
    assert.equal(answer.headers.get('content-security-policy'), null, 'the proxy answered');
  });
});

describe('sluice console', () => {
  const console = (...words: readonly string[]) =>
    run('sluice', '--data', opened.mesh.folders.data, ...words, 'console');

  test('prints the address at which a browser is signed in as a person', async () => {
    for (const [words, email] of [
      [[], OWNER],
      [['--as', READER], READER],
      [['--as', ''], OWNER],
    ] as const) {
      const { code, stdout, stderr } = await console(...words);
      assert.equal(code, 0, stderr);
      const page = await (await fetch(stdout.trim())).text();
      assert.ok(page.includes(`Signed in as ${email}`), page);
    }
    const { stdout } = await console('--json');
    const { address, person } = JSON.parse(stdout) as { address: string; person: string };
    assert.deepEqual([address, person], [await opened.addressOf(OWNER), OWNER]);
  });

  test('refuses what is no address of a person, in one sentence', async () => {
    const { code, stdout, stderr } = await console('--as', 'not an address');
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(stderr, /^--as is "not an address"; expected an address such as ada@example.com\n$/);
  });
});

describe('past the proxy', () => {
  const post = async (name: string, email: string, headers: object, body: object) => {
    const url = opened.mesh.cloud.functionUrl(name);
    return fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: await bearerOf(opened.mesh, email, url),
        ...headers,
      },
      body: JSON.stringify(body),
    });
  };
  const CONSOLE = 'sluice-console@sluice-local.iam.gserviceaccount.com';
  const command = () => ({
    verb: 'pause',
    pipeline: 'carmila',
    reason: 'why',
    id: commandIdOf(Date.now(), 'abcd1234'),
  });

  test('the console is reached by no token of a person, and takes no address from a header', async () => {
    const url = opened.mesh.cloud.functionUrl('console');
    const authorization = await bearerOf(opened.mesh, 'ada@example.org', url);
    assert.equal((await fetch(url, { headers: { authorization } })).status, 403);
    // The owner's own port reaches it with every right, and without an assertion it shows nothing.
    const owner = await bearerOf(opened.mesh, OWNER, url);
    const plain = { authorization: owner, 'x-goog-authenticated-user-email': `accounts.google.com:${OWNER}` };
    const answer = await fetch(`${url}/`, { headers: plain });
    assert.equal(answer.status, 401);
    assert.match(await answer.text(), /Not signed in/);
  });

  test('the console alone sends nothing: handle-commands asks for the assertion of a person', async () => {
    for (const headers of [{}, { [PASSED_ON]: 'forged' }]) {
      const answer = await post('handle-commands', CONSOLE, headers, command());
      assert.equal(answer.status, 400);
      assert.match(await answer.text(), /CALLER_UNKNOWN/);
    }
    assert.ok(!(await isPaused()));
  });
});

test('a form is filled and sent with the keyboard alone, without a script', { skip }, async () => {
  const browser: Browser = await startBrowser();
  try {
    const { page, context, complaints } = await openContext(browser, { javaScriptEnabled: false });
    await page.goto(`${await opened.addressOf(OWNER)}/p/carmila`);
    const press = async (name: RegExp) => {
      for (let tab = 0; tab < 40; tab++) {
        await page.keyboard.press('Tab');
        const focused = page.locator(':focus');
        if (
          name.test(
            (await focused.count()) === 0
              ? ''
              : await focused.evaluate((node) => node.textContent || node.getAttribute('name') || ''),
          )
        )
          return;
      }
      assert.fail(`no ${name} is reached by the keyboard`);
    };
    await press(/^Commands$/);
    await page.keyboard.press('Enter');
    await page.waitForURL('**/commands');
    await press(/^Pause$/);
    await page.keyboard.press('Enter');
    await page.waitForURL('**/new/pause');
    await press(/^reason$/);
    await page.keyboard.type('by the keyboard');
    await press(/^Send the command$/);
    await page.keyboard.press('Enter');
    await page.waitForURL(/commands\/\d{8}T/);
    assert.match(await page.locator('main').innerText(), /done: carmila is paused/);
    assert.deepEqual(complaints, []);
    await context.close();
  } finally {
    await browser.close();
  }
});
