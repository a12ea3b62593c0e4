// The screens Requests, Models, Map, Cost and Rights in a real browser, over a mesh that has requests and models with hostile names.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { placeOf } from '../../../cli/local-stack.ts';
import { LOCAL_PROJECT } from '../../../cli/local-mesh.ts';
import {
  auditBucketOf,
  exportsBucketOf,
  requestsBucketOf,
  resultsBucketOf,
  runsBucketOf,
} from '../../../shared/deployment.ts';
import { bigqueryWarehouse } from '../../../shared/google/bigquery.ts';
import { gcsStore } from '../../../shared/google/storage.ts';
import { enterStatement, entryOf, LEDGER } from '../../../shared/warehouse/ledger.ts';
import { good } from '../folders.ts';
import { addressesOf, assertSameWithoutScript, openContext, skip, startBrowser } from './browser.ts';
import { plantModels, publicationOf } from './planted-models.ts';
import { HOSTILE, plantRequests, SECRET, type PlantedRequests } from './planted-requests.ts';
import { assertReadable, unfold } from './readable.ts';
import { OWNER, READER, startConsole, type RunningConsole } from './start-console.ts';

const CALLER = 'carol@example.org';

let opened: RunningConsole;
let browser: Browser;
let address: string;
let planted: PlantedRequests;
let paths: Readonly<Record<string, string>>;

before(async () => {
  if (skip) return;
  [opened, browser] = await Promise.all([
    startConsole({
      config: { 'bikes:bucket': placeOf('bikes'), 'forecast-what-if:callers': CALLER },
    }),
    startBrowser(),
  ]);
  const { mesh } = opened;
  mesh.put(good());
  assert.equal((await mesh.tick()).outcome, 'published');
  await plant();
  address = await opened.addressOf(OWNER);
  const requests = '/p/forecast-what-if';
  paths = {
    requests,
    'requests, filtered': `${requests}?state=held&owner=${planted.held.slice(1, 17)}`,
    'a day without one': `${requests}?day=2020-01-01`,
    'a job that waits': `${requests}/runs/${planted.waiting}`,
    'a job that runs': `${requests}/runs/${planted.running}`,
    'a job that failed': `${requests}/runs/${planted.failed}`,
    models: '/p/bikes/models',
    'models as they were': `/p/bikes/models?at=${publicationOf('000001-aaaaaaaa')}`,
    map: '/map',
    'the map of a pipeline': '/map?pipeline=bikes',
    'the map around a bucket': '/map?of=bucket%20runs',
    cost: '/cost',
    'what a pipeline has cost': '/cost?pipeline=carmila',
    rights: '/rights',
    'the rights of one identity': '/rights?identity=sluice-start-run',
  };
});
after(async () => {
  await browser?.close();
  await opened?.close();
});

/** As the functions would have recorded it, after the mesh has come to rest: nothing acts on it. */
async function plant(): Promise<void> {
  const google = { GOOGLE_CLOUD_PROJECT: LOCAL_PROJECT, GOOGLE_API_ENDPOINT: opened.mesh.cloud.endpoint };
  const storeOf = (bucketOf: (project: string) => string) => gcsStore(bucketOf(LOCAL_PROJECT), google);
  planted = await plantRequests(
    {
      runs: storeOf(runsBucketOf),
      requests: storeOf(requestsBucketOf),
      audit: storeOf(auditBucketOf),
    },
    Date.now(),
  );
  const warehouse = bigqueryWarehouse({ ...google, WAREHOUSE_LOCATION: 'EU' });
  let entered = 0;
  await plantModels(
    {
      exports: storeOf(exportsBucketOf),
      results: storeOf(resultsBucketOf),
      enter: async (publication) => {
        const job = { id: `planted-${++entered}`, sql: enterStatement(warehouse.quoted(LEDGER)) };
        const answer = await warehouse.script({ ...job, parameters: entryOf(publication) });
        assert.equal(answer.kind, 'done', JSON.stringify(answer));
      },
    },
    Date.now(),
  );
}

describe('every screen', { skip }, () => {
  test('axe finds nothing, it fits, and no policy is broken: 320 pixels and wide, light and dark, both languages', () =>
    assertReadable(browser, addressesOf(address, paths), { loaded: unfold }));

  test('says the same without a script', () => assertSameWithoutScript(browser, addressesOf(address, paths)));

  test('says the same as JSON by its name and by Accept', async () => {
    for (const [name, path] of Object.entries(paths)) {
      const [plain = '', query = ''] = path.split('?');
      const [byName, byAccept] = await Promise.all([
        opened.get(`${plain}.json?${query}`),
        opened.get(path, { accept: 'application/json' }),
      ]);
      assert.equal(byName.headers.get('content-type'), 'application/json; charset=utf-8', name);
      assert.equal(await byName.text(), await byAccept.text(), name);
    }
  });
});

describe('what is hostile', { skip }, () => {
  test('stands as text: owners, presets, reasons, recipes and names of metrics', async () => {
    const { page, context, complaints } = await openContext(browser);
    for (const name of ['a job that failed', 'a job that waits', 'models', 'requests']) {
      await page.goto(address + (paths[name] ?? ''));
      await unfold(page);
      const text = await page.locator('main').innerText();
      assert.equal(await page.locator('main img, main script').count(), 0, name);
      assert.equal(await page.locator('a[href^="javascript:"]').count(), 0, name);
      assert.ok(!text.includes('x'.repeat(2_000)), `${name}: a text of 10 kB is shortened`);
      assert.ok(!text.includes(SECRET), name);
      if (name === 'models' || name === 'a job that failed') assert.ok(text.includes(HOSTILE.markup), name);
    }
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test('in an address is refused as text', async () => {
    for (const path of [
      `/map?of=${encodeURIComponent(HOSTILE.markup)}`,
      `/map?pipeline=${encodeURIComponent(HOSTILE.markup)}`,
      `/rights?identity=${encodeURIComponent(HOSTILE.markup)}`,
      `/cost?pipeline=${encodeURIComponent(HOSTILE.rightToLeft)}`,
      `/p/bikes/models?at=${encodeURIComponent(HOSTILE.markup)}`,
      `/p/forecast-what-if?owner=${encodeURIComponent(HOSTILE.markup)}`,
    ]) {
      const answer = await opened.get(path);
      assert.ok([400, 404].includes(answer.status), path);
      assert.ok(!(await answer.text()).includes('<img'), path);
    }
  });
});

describe('the map', { skip }, () => {
  test('is drawn with a link for each part, by which the keyboard reaches what it touches', async () => {
    const { page, context } = await openContext(browser);
    await page.goto(`${address}/map`);
    const boxes = page.locator('.map a');
    assert.ok((await boxes.count()) > 15);
    await page.locator('.map a', { hasText: 'start-run' }).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/of=function(\+|%20)start-run/);
    const text = await page.locator('main').innerText();
    assert.match(text, /run-requested/);
    assert.match(text, /carmila-forecast/);
    await context.close();
  });

  test('has no part of a pipeline that the stack does not have', async () => {
    const { nodes } = (await (await opened.get('/map.json')).json()) as {
      nodes: { items: { id: string }[] };
    };
    const ids = nodes.items.map(({ id }) => id);
    assert.ok(ids.includes('job bikes-train-bikes') && ids.includes('job carmila-forecast'));
    assert.ok(!ids.some((id) => /heat/.test(id)), ids.join());
  });
});

describe('the roles', { skip }, () => {
  test('show the addresses of callers to operators alone', async () => {
    const [operators, readers] = await Promise.all([
      opened.get('/rights').then((answer) => answer.text()),
      opened.get('/rights', {}, READER).then((answer) => answer.text()),
    ]);
    assert.ok(operators.includes(CALLER) && operators.includes(READER));
    assert.ok(!readers.includes(CALLER));
    assert.ok(readers.includes(OWNER), 'a reader knows whom to ask');
    const json = await (await opened.get('/rights.json', {}, READER)).text();
    assert.ok(!json.includes(CALLER));
  });

  test('offer the forms of a model and of a job to operators alone', async () => {
    for (const path of ['/p/bikes/models', `/p/forecast-what-if/runs/${planted.held}`]) {
      assert.match(await (await opened.get(path)).text(), /\/commands\/new\//, path);
      assert.doesNotMatch(await (await opened.get(path, {}, READER)).text(), /\/commands\/new\//, path);
    }
  });
});
