// A page of another site, in a real browser: it cannot start a job, write an object or read one.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startMesh, PROJECT, REGION } from '../../ports/cloud.ts';
import { imagesIn } from '../run/image.ts';
import { browser, openPage } from './browser.ts';
import { send } from './wire.ts';

const JOB = `projects/${PROJECT}/locations/${REGION}/jobs/sample`;
const SECRET = 'the salaries of 2026';
const RUN = `/v2/${JOB}:run`;
const OBJECT = '/storage/v1/b/bkt/o/secret?alt=media';
const UPLOAD = '/upload/storage/v1/b/bkt/o?uploadType=media&name=planted';

/** Tries what needs no leave of the cloud, and tells its own server what came of it. */
const pageOver = (cloud: string): string => `<!doctype html><meta charset="utf-8"><body>
<iframe name="sink"></iframe><form method="post" target="sink" action="${cloud}${RUN}"></form>
<script type="module">
  const tried = async (path, init) => {
    try {
      const answer = await fetch('${cloud}' + path, init);
      return answer.type + ' ' + answer.status + ' ' + (await answer.text());
    } catch (error) {
      return String(error);
    }
  };
  const loaded = new Promise((resolve) => { document.querySelector('iframe').onload = resolve; });
  document.querySelector('form').submit();
  await loaded;
  const results = [
    await tried('${RUN}', { method: 'POST', mode: 'no-cors' }),
    await tried('${UPLOAD}', { method: 'POST', mode: 'no-cors', body: 'planted' }),
    await tried('${OBJECT}', {}),
    await tried('${OBJECT}', { mode: 'no-cors' }),
  ];
  await fetch('/results', { method: 'POST', body: JSON.stringify(results) });
</script>`;

test(
  'a page of another site, or of another port of this machine, does nothing in the cloud and reads nothing',
  { skip: browser === undefined && 'no browser is installed: apt-get install chromium' },
  async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'browser-job-'));
    const { cloud, close } = await startMesh(await imagesIn(folder));
    cloud.storage.ensureBucket({ name: 'bkt', projectId: PROJECT, location: 'EU' });
    cloud.jobs.ensureJob({
      name: JOB,
      image: 'sample',
      env: { FOLDER: folder },
      serviceAccountEmail: `sample@${PROJECT}.iam.gserviceaccount.com`,
      maxRetries: 0,
      timeoutSeconds: 60,
    });
    await cloud.start();
    const port = Number(new URL(cloud.endpoint).port);
    const path = UPLOAD.replace('planted', 'secret');
    assert.equal((await send({ port, method: 'POST', path, body: SECRET })).status, 200);
    let report: (results: readonly string[]) => void = () => undefined;
    const page = createServer((request, response) => {
      if (request.method !== 'POST')
        return response.setHeader('content-type', 'text/html').end(pageOver(cloud.endpoint));
      let text = '';
      request.on('data', (chunk) => (text += String(chunk)));
      request.once('end', () => (response.end(), report(JSON.parse(text) as string[])));
    });
    await new Promise<void>((resolve) => page.listen(0, '127.0.0.1', resolve));
    t.after(async () => {
      page.closeAllConnections();
      page.close();
      await close();
      rmSync(folder, { recursive: true, force: true });
    });

    for (const host of ['evil.example', 'localhost']) {
      const reported = new Promise<readonly string[]>((resolve) => (report = resolve));
      openPage(t, `http://${host}:${(page.address() as AddressInfo).port}/`);
      const results = await reported;
      assert.equal(results.length, 4);
      for (const result of results) assert.ok(!result.includes(SECRET), result);
      assert.deepEqual(cloud.jobs.executions(), [], host);
      assert.equal(cloud.storage.find('bkt', 'planted'), undefined, host);
    }
    // The same request of a program starts the job: what refused the page was that it is one.
    assert.equal((await send({ port, method: 'POST', path: RUN })).status, 200);
    assert.equal(cloud.jobs.executions().length, 1);
  },
);
