// What only the local cloud may say or reach: the mark of its own calls, and the ports of its functions' instances.
import assert from 'node:assert/strict';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { INSIDE } from '../../../local/functions/inside.ts';
import { KEY_HEADER, KEY_VARIABLE } from '../../../local/functions/instance-key.ts';
import { startMesh, PROJECT, REGION } from '../../ports/cloud.ts';
import { send } from '../http/wire.ts';

test('the inner header of pushes is not sent to an endpoint elsewhere, by Pub/Sub or by Cloud Scheduler', async (t) => {
  const heard = new Map<string, IncomingHttpHeaders>();
  const both = Promise.withResolvers<void>();
  const elsewhere = createServer((request, response) => {
    heard.set(request.url ?? '', request.headers);
    response.writeHead(204).end();
    if (heard.size === 2) both.resolve();
  });
  await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
  const { cloud, close } = await startMesh();
  t.after(async () => {
    await close();
    elsewhere.close();
  });
  const origin = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`;
  const topic = `projects/${PROJECT}/topics/topic-1`;
  cloud.pubsub.createTopic({ name: topic });
  cloud.pubsub.createSubscription({
    name: `projects/${PROJECT}/subscriptions/subscription-1`,
    topic,
    pushConfig: { pushEndpoint: `${origin}/push` },
  });
  const job = `projects/${PROJECT}/locations/${REGION}/jobs/job-1`;
  cloud.scheduler.ensureJob({
    name: job,
    schedule: '0 0 1 1 *',
    timeZone: 'Etc/UTC',
    attemptDeadline: '60s',
    httpTarget: { uri: `${origin}/schedule`, httpMethod: 'POST' },
  });
  await cloud.start();
  cloud.pubsub.publish(topic, [{ data: 'eA==' }]);
  const { port } = new URL(cloud.endpoint);
  await send({ port: Number(port), method: 'POST', path: `/v1/${job}:run` });
  await both.promise;
  for (const path of ['/push', '/schedule']) {
    assert.ok(heard.has(path), path);
    assert.equal(heard.get(path)?.[INSIDE], undefined, path);
  }
});

test("an instance's own port answers its cloud only, and the function never sees by what", async (t) => {
  const { cloud, close } = await startMesh();
  t.after(close);
  cloud.functions.ensureFunction({
    name: 'sample',
    sourceFile: fileURLToPath(new URL('./sample-function.ts', import.meta.url)),
    entryPoint: 'sample',
    env: {},
    serviceAccountEmail: `sample@${PROJECT}.iam.gserviceaccount.com`,
    timeoutSeconds: 30,
    size: { memory: '512Mi', concurrency: 1, minInstances: 0, maxInstances: 1 },
    url: cloud.functionUrl('sample'),
  });
  const invoke = async (path: string) => {
    const call = { method: 'GET', path, headers: { 'x-seen': 'yes' }, body: undefined };
    return JSON.parse((await cloud.functions.invoke('sample', call)).body.toString()) as object;
  };
  const { env } = (await invoke('/env')) as { env: Record<string, string> };
  assert.equal(env[KEY_VARIABLE], undefined);
  const { headers } = (await invoke('/echo')) as { headers: IncomingHttpHeaders };
  assert.equal(headers['x-seen'], 'yes');
  assert.equal(headers[KEY_HEADER], undefined);
  for (const forged of [{}, { [KEY_HEADER]: '' }, { [KEY_HEADER]: 'undefined' }, { origin: 'null' }]) {
    const refused = await send({ port: Number(env['PORT']), path: '/env', headers: forged });
    assert.equal(refused.status, 403);
    assert.match(refused.text, /answers its own local cloud only/);
  }
});
