// The real Google client and gcloud against the local Cloud Scheduler.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import * as functions from '@google-cloud/functions-framework';
import { getTestServer } from '@google-cloud/functions-framework/testing';
import { cloudscheduler } from 'googleapis/build/src/apis/cloudscheduler/index.js';
import { systemClock } from '../../../local/clock.ts';
import { type Api, createApi, OPERATOR } from '../../../local/http/api.ts';
import { forbidden } from '../../../local/http/errors.ts';
import { sendOverHttp } from '../../../local/pubsub/post.ts';
import { schedulerRoutes } from '../../../local/scheduler/routes.ts';
import { Scheduler } from '../../../local/scheduler/scheduler.ts';
import { memoryState } from '../../../local/state/state.ts';

const LOCATION = 'projects/p/locations/europe-west1';

let api: Api;
let scheduler: Scheduler;
let port: number;
let mismatchPort: number;

before(async () => {
  api = createApi();
  scheduler = new Scheduler({
    state: memoryState(),
    clock: systemClock,
    send: sendOverHttp,
    mintIdToken: async (email, audience) => `${email} for ${audience}`,
  });
  schedulerRoutes(api.app, scheduler, (caller, permission, resource) => {
    if (caller !== OPERATOR) throw forbidden(`Permission ${permission} denied on ${resource}`);
  });
  port = await api.listenAs(OPERATOR);
  mismatchPort = await api.listenAs('other@p');
  scheduler.start();
});

after(async () => {
  await scheduler.stop();
  await api.close();
});

const client = (to: number) =>
  cloudscheduler({ version: 'v1', rootUrl: `http://127.0.0.1:${to}/` }).projects.locations.jobs;

test('the Google client makes, changes, pauses, resumes, lists and deletes a job', async () => {
  const jobs = client(port);
  const name = `${LOCATION}/jobs/tick`;
  const requestBody = { name, schedule: '0 * * * *', httpTarget: { uri: 'http://127.0.0.1:9/' } };
  const { data: made } = await jobs.create({ parent: LOCATION, requestBody });
  assert.equal(made.state, 'ENABLED');
  assert.equal(made.timeZone, 'Etc/UTC');
  assert.equal(made.attemptDeadline, '180s');
  assert.match(made.scheduleTime ?? '', /:00:00.000Z$/);
  await assert.rejects(jobs.create({ parent: LOCATION, requestBody }), { status: 409 });
  const change = { schedule: '*/5 * * * *', httpTarget: { uri: 'http://127.0.0.1:9/other' } };
  const updateMask = 'schedule,http_target.uri';
  const { data: changed } = await jobs.patch({ name, updateMask, requestBody: change });
  assert.deepEqual(
    [changed.schedule, changed.httpTarget?.uri, changed.httpTarget?.httpMethod],
    ['*/5 * * * *', 'http://127.0.0.1:9/other', 'POST'],
  );
  assert.equal((await jobs.pause({ name })).data.state, 'PAUSED');
  assert.equal((await jobs.resume({ name })).data.state, 'ENABLED');
  const { data: listed } = await jobs.list({ parent: LOCATION });
  assert.deepEqual(
    listed.jobs?.map((job) => job.name),
    [name],
  );
  await jobs.delete({ name });
  await assert.rejects(jobs.get({ name }), { status: 404 });
});

test('a forced run reaches a function of the functions framework, and the job tells how it went', async () => {
  const observed = Promise.withResolvers<{ headers: Record<string, unknown>; body: unknown }>();
  functions.http('local-scheduler-test', (request, response) => {
    observed.resolve({ headers: request.headers, body: request.body });
    response.status(200).send('done');
  });
  const server = getTestServer('local-scheduler-test').listen(0, '127.0.0.1');
  await once(server, 'listening');
  const uri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const name = `${LOCATION}/jobs/forced`;
  scheduler.ensureJob({
    name,
    schedule: '0 0 1 1 *',
    httpTarget: {
      uri,
      headers: { 'Content-Type': 'application/json' },
      body: Buffer.from('{"pipeline":"carmila"}').toString('base64'),
      oidcToken: { serviceAccountEmail: 'ticker@p' },
    },
  });
  await client(port).run({ name });
  const { headers, body } = await observed.promise;
  assert.equal(headers['x-cloudscheduler'], 'true');
  assert.equal(headers['x-cloudscheduler-jobname'], 'forced');
  assert.match(String(headers['x-cloudscheduler-scheduletime']), /^\d{4}-01-01T00:00:00Z$/);
  assert.equal(headers['user-agent'], 'Google-Cloud-Scheduler');
  assert.equal(headers['authorization'], `Bearer ticker@p for ${uri}`);
  assert.deepEqual(body, { pipeline: 'carmila' });
  assert.deepEqual(await scheduler.run(name), { status: 200 });
  const { data: job } = await client(port).get({ name });
  assert.deepEqual(job.status, {});
  server.close();
  await once(server, 'close');
  assert.deepEqual(await scheduler.run(name), { status: 0 });
  assert.deepEqual((await client(port).get({ name })).data.status, { code: 4 });
});

test('a caller without the permission may not run a job', async () => {
  const name = `${LOCATION}/jobs/guarded`;
  scheduler.ensureJob({ name, schedule: '0 0 1 1 *', httpTarget: { uri: 'http://127.0.0.1:9/' } });
  await assert.rejects(client(mismatchPort).run({ name }), {
    status: 403,
    message: `Permission cloudscheduler.jobs.run denied on ${name}`,
  });
});

test('targets and fields that are not known are answered with 501 by name', async () => {
  const name = `${LOCATION}/jobs/unknown`;
  const requestBody = { name, schedule: '* * * * *', pubsubTarget: { topicName: 'projects/p/topics/t' } };
  await assert.rejects(client(port).create({ parent: LOCATION, requestBody }), {
    status: 501,
    message: /the field job.pubsubTarget/,
  });
});
