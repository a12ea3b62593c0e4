// The log, the trace, the past and the lists of the console over a running mesh: true, bounded, and the same in each language.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { good, withVisitors } from '../folders.ts';
import { addressesOf, openContext, skip, startBrowser } from './browser.ts';
import { assertReadable } from './readable.ts';
import { OWNER, startConsole, type RunningConsole } from './start-console.ts';

let opened: RunningConsole;
let browser: Browser | undefined;
let address: string;
let run: string;
let first: string;
const of = '/p/carmila';

before(async () => {
  [opened, browser] = await Promise.all([startConsole(), skip ? undefined : startBrowser()]);
  const { mesh } = opened;
  for (const folder of [good(), withVisitors(123)]) {
    mesh.put(folder);
    assert.equal((await mesh.tick()).outcome, 'published');
  }
  run = (await mesh.newestRun()).run;
  first = `carmila-${(await mesh.ledger())[0]}`;
  address = await opened.addressOf(OWNER);
});
after(async () => {
  await browser?.close();
  await opened?.close();
});

const textOf = async (path: string) => {
  const answer = await opened.get(path);
  const text = await answer.text();
  assert.equal(answer.status, 200, `${path}: ${text.slice(0, 2_000)}`);
  return text;
};
const jsonOf = async (path: string) => JSON.parse(await textOf(path)) as Record<string, never>;

describe('the log of a run', () => {
  test('has the lines of its job, the newest last, each with its severity', async () => {
    const { lines, earlier } = (await jsonOf(`${of}/runs/${run}/log.json`)) as unknown as {
      readonly lines: readonly { readonly at: string; readonly severity: string; readonly text: string }[];
      readonly earlier: string | null;
    };
    assert.equal(earlier, null);
    assert.ok(lines.some(({ text, severity }) => text === 'fetched 3 files' && severity === 'INFO'));
    assert.match(lines.at(-1)?.text ?? '', /process ended: exit code 0/);
    const times = lines.map(({ at }) => at);
    assert.deepEqual(times, times.toSorted());
  });

  test('is a text file as well, and answers what it does not have with what there is', async () => {
    const file = await opened.get(`${of}/runs/${run}/log.txt?attempt=1`);
    assert.equal(
      file.headers.get('content-disposition'),
      `attachment; filename="carmila-${run}-attempt-1.txt"`,
    );
    assert.match(await file.text(), /^\S+Z INFO fetched 3 files$/m);
    const none = await opened.get(`${of}/runs/${run}/log?attempt=7`);
    assert.equal(none.status, 404);
    assert.match(await none.text(), /log\?attempt=1/);
    assert.equal((await opened.get(`${of}/runs/${run}/log?page=forged`)).status, 400);
  });
});

describe('the trace of a run', () => {
  test('has its spans as a tree', async () => {
    const { rows, problem } = (await jsonOf(`${of}/runs/${run}/trace.json`)) as unknown as {
      readonly rows: readonly { readonly name: string; readonly depth: number; readonly component: string }[];
      readonly problem: null;
    };
    assert.equal(problem, null);
    assert.deepEqual([rows[0]?.name, rows[0]?.depth], [`run ${run}`, 0]);
    const execute = rows.find(({ name }) => name === 'execute');
    assert.deepEqual([execute?.depth, execute?.component], [1, 'forecast']);
  });

  test('that is not there leaves the timeline, and the page says so', async () => {
    opened.mesh.cloud.api.faults.plan({
      url: /\/v1\/projects\/[^/]+\/traces\//,
      action: { refuse: NOT_FOUND },
    });
    const text = await textOf(`${of}/runs/${run}/trace`);
    assert.match(text, /No span of this run is recorded/);
    assert.match(text, /outcome\.json/);
    opened.mesh.cloud.api.faults.plan({ url: /\/v1\/projects\/[^/]+\/traces\//, action: { refuse: DENIED } });
    assert.match(await textOf(`${of}/runs/${run}/trace`), /could not be read[^]*cloudtrace\.traces\.get/);
    assert.deepEqual(opened.mesh.cloud.api.faults.unused(), []);
  });
});

const NOT_FOUND = { status: 404, reason: 'notFound', message: 'no such trace' };
const DENIED = { status: 403, reason: 'forbidden', message: 'needs cloudtrace.traces.get' };

describe('the past', () => {
  test('is shown by each screen of an analyst, and the way between them keeps it', async () => {
    for (const screen of ['', '/sources', '/changes']) {
      const text = await textOf(`${of}${screen}?at=${first}`);
      assert.match(text, /As of publication/, screen);
      for (const other of ['', '/sources', '/changes'])
        assert.ok(text.includes(`href="${of}${other}?at=${first}"`), `${screen} leads to ${other}`);
      assert.ok(!text.includes(`href="${of}/runs?at=`), 'the list of runs has no past');
    }
    const [then, now] = [await jsonOf(`${of}/sources.json?at=${first}`), await jsonOf(`${of}/sources.json`)];
    assert.notEqual(then['run'], now['run']);
  });

  test('that is unknown is a 404 with what there is', async () => {
    for (const screen of ['', '/sources', '/changes']) {
      const answer = await opened.get(`${of}${screen}?at=carmila-9`);
      assert.equal(answer.status, 404);
      assert.match(await answer.text(), new RegExp(`${screen}\\?at=${first}`));
    }
  });

  test('whose outputs expired says so', async () => {
    const { api } = opened.mesh.cloud;
    const answer = { status: 404, reason: 'notFound', message: 'No such object' };
    api.faults.plan({ url: /sluice-results\/o\/.*predictions/, action: { refuse: answer }, times: 4 });
    assert.match(await textOf(`${of}/changes`), /is not kept any more/);
    api.faults.clear();
    api.faults.plan({ url: /sluice-runs\/o\/.*request\.json/, action: { refuse: answer } });
    assert.match(await textOf(`${of}/sources?at=${first}`), /folder of run \S+ is not kept any more/);
    assert.deepEqual(api.faults.unused(), []);
  });
});

test('a publication is checked each time that it is shown, and what differs is named', async () => {
  const { check } = (await jsonOf(`${of}.json`)) as unknown as { readonly check: Record<string, unknown> };
  assert.deepEqual([check['isRight'], check['isRecorded'], check['isNumbered']], [true, true, true]);
  const { api } = opened.mesh.cloud;
  const changeAnswer = (answer: object) => ({ ...answer, generation: '7' });
  api.faults.plan({ url: /sluice-results\/o\/[^?]*predictions\.csv$/, action: { changeAnswer } });
  assert.match(await textOf(of), /Something differs[^]*not as it was published/);
  assert.deepEqual(api.faults.unused(), []);
});

test('that a table is fresh is said once', async () => {
  assert.equal((await textOf(of)).split('what is published shows the source').length, 2);
  assert.ok(!(await textOf(of)).includes('What is published shows the source.'));
});

test('the runs are filtered by status, cause and day, and a choice that does not exist is named', async () => {
  const found = async (query: string) =>
    ((await jsonOf(`${of}/runs.json?${query}`)) as unknown as { readonly runs: readonly object[] }).runs
      .length;
  assert.equal(await found('status=published&cause=schedule&from=2020-01-01'), 2);
  assert.equal(await found('status=published&cause=person'), 0);
  assert.equal(await found('to=2020-01-01'), 0);
  for (const query of ['status=good', 'cause=moon', 'from=yesterday', 'to=2026-02-30', 'before=-1']) {
    const answer = await opened.get(`${of}/runs?${query}`);
    assert.equal(answer.status, 400, query);
    assert.ok(!(await answer.text()).includes('<script>alert'));
  }
});

test('every screen is reached by Tab and Enter, and so is its main link', { skip }, async () => {
  const { page, context, complaints } = await openContext(browser!, { javaScriptEnabled: false });
  const follow = async (name: RegExp, to: RegExp) => {
    for (let tab = 0; tab < 80; tab++) {
      await page.keyboard.press('Tab');
      const focused = page.locator(':focus');
      if ((await focused.count()) === 0 || !name.test((await focused.innerText()).trim())) continue;
      const outline = await page.evaluate('getComputedStyle(document.activeElement).outlineStyle');
      assert.equal(outline, 'solid', `${name} shows that it has the focus`);
      await page.keyboard.press('Enter');
      await page.waitForURL(to);
      return;
    }
    assert.fail(`no ${name} is reached by the keyboard on ${page.url()}`);
  };
  await page.goto(address);
  await follow(/^carmila$/, /\/p\/carmila$/);
  await follow(/^carmila-000001/, /\?at=/);
  await follow(/^Sources$/, /\/sources\?at=/);
  await follow(/^What changed$/, /\/changes\?at=/);
  await follow(/^Show what stands now$|^carmila$|^Runs$/, /\/(changes|runs|carmila)$/);
  await page.goto(`${address}${of}/changes`);
  await follow(/^2$/, /show=changed/);
  await follow(/^Runs$/, /\/runs$/);
  await follow(new RegExp(`^${run}$`), new RegExp(`${run}$`));
  await follow(/^Log$/, /\/log$/);
  await follow(new RegExp(`^${run}$`), new RegExp(`${run}$`));
  await follow(/^Trace$/, /\/trace$/);
  await follow(/^Audit$/, /\/audit$/);
  await follow(/^Commands$/, /\/commands$/);
  await follow(/^Pause$/, /\/new\/pause$/);
  assert.deepEqual(complaints, []);
  await context.close();
});

test('the new screens fit, in light and dark, at 320 pixels and wide', { skip }, async () => {
  const paths = [
    `/runs/${run}/log`,
    `/runs/${run}/trace`,
    '/sources',
    `/changes?at=${first}`,
    '/changes?show=changed',
  ];
  await assertReadable(browser!, addressesOf(address + of, paths), { locales: ['fr-FR'] });
});
