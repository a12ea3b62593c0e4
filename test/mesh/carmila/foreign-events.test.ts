// Whatever is not a function's own call or message starts nothing: each function, through the real framework, gets
// the same foreign requests, and refuses each, or acknowledges it and says in the log why nothing came of it.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { readRefusal } from '../../../shared/dead-letters/refusals.ts';
import {
  accountOf,
  binary,
  call,
  PUBSUB_INVOKER,
  push,
  structured,
  type Call,
  type Parcel,
} from '../invokers.ts';
import { withVisitors } from '../folders.ts';
import { startMesh, type RunningMesh } from '../start-mesh.ts';
import { OPERATOR } from '../operator-commands.ts';

const RUN = '000001-0123abcd';
const TWENTY_MEGABYTES = 20_000_000;
const JSON_TYPE = { 'content-type': 'application/json' };

let mesh: RunningMesh;
let table = '';
let runs: readonly string[] = [];
before(async () => {
  mesh = await startMesh({ countsMessages: true, sendsGarbage: true });
  mesh.put(withVisitors(100));
  assert.equal((await mesh.tick()).outcome, 'published');
  await mesh.until('every delivery to end', () => mesh.cloud.pubsub.idle() || undefined);
  table = await mesh.published();
  runs = await mesh.ledger();
});
after(() => mesh.close());

const CALLERS: Readonly<Record<string, () => string>> = {
  'detect-changes': () => accountOf(mesh, 'sluice-scheduler'),
  'start-run': () => accountOf(mesh, PUBSUB_INVOKER),
  'publish-output': () => accountOf(mesh, PUBSUB_INVOKER),
  'sweep-runs': () => accountOf(mesh, PUBSUB_INVOKER),
  'handle-commands': () => OPERATOR,
};
const FUNCTIONS = Object.keys(CALLERS);

const posted = (body: string | Buffer, headers: Readonly<Record<string, string>> = JSON_TYPE): Call => ({
  method: 'POST',
  headers,
  body,
});
const parcel = ({ headers, body }: Parcel, path = ''): Call => ({
  ...posted(JSON.stringify(body), { ...JSON_TYPE, ...headers }),
  path,
});
const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64');
const message = (value: unknown, messageId = 'foreign') => push({ data: base64(value), messageId });
const event = (type: string, source: string) => ({ specversion: '1.0', id: 'foreign', type, source });
const STORAGE = '//storage.googleapis.com/projects/_/buckets/of-another';
const FINALIZED = 'google.cloud.storage.object.v1.finalized';
const OBJECT = { bucket: 'of-another', name: `carmila/${RUN}/attempt-1/output.json`, size: '5' };

/** An entry of the audit log as Cloud Logging's sink publishes it, of a job of this mesh but for what is changed. */
const entry = (changes: object = {}, project = 'sluice-local') => ({
  logName: `projects/${project}/logs/cloudaudit.googleapis.com%2Fsystem_event`,
  resource: jobOf('carmila-forecast', project),
  protoPayload: { methodName: '/Jobs.RunJob' },
  ...changes,
});
const jobOf = (name: string, project = 'sluice-local') => ({
  type: 'cloud_run_job',
  labels: { project_id: project, location: 'europe-west1', job_name: name },
});
const DELETED = { methodName: 'google.cloud.run.v2.Jobs.DeleteJob' };
const STDOUT = 'projects/sluice-local/logs/run.googleapis.com%2Fstdout';

/** No function may act on any of these. */
const FOREIGN: Readonly<Record<string, Call>> = {
  'a GET': { method: 'GET', headers: {} },
  'a DELETE': { method: 'DELETE', headers: {} },
  'a POST of nothing': { method: 'POST', headers: {} },
  'a POST of nothing that says JSON': { method: 'POST', headers: JSON_TYPE },
  'an empty object': posted('{}'),
  'an empty list': posted('[]'),
  'a list of objects': posted('[{}, {"occasion": "schedule"}]'),
  null: posted('null'),
  'a number': posted('7'),
  'a string': posted('"sweep"'),
  'JSON that is cut off': posted('{"pipeline":'),
  'text that is not JSON': posted('sweep, please', { 'content-type': 'text/plain' }),
  'a form': posted('pipeline=carmila&occasion=schedule', {
    'content-type': 'application/x-www-form-urlencoded',
  }),
  bytes: posted(Buffer.from([0, 255, 27, 91]), { 'content-type': 'application/octet-stream' }),
  'an object of other words': posted('{"hello": "world"}'),
  'a call with a word too many': posted(`{"occasion": "schedule", "pipeline": "carmila", "x": 1}`),
  'a prototype': posted('{"__proto__": {"occasion": "schedule"}}'),
  'twenty megabytes': posted(JSON.stringify({ text: 'x'.repeat(TWENTY_MEGABYTES) })),
  'a push without a message': posted('{"subscription": "projects/p/subscriptions/s"}'),
  'a push whose message is null': posted('{"message": null}'),
  'a push without data': parcel(push({ messageId: 'foreign', attributes: { a: 'b' } })),
  'a push of text': parcel(push({ data: Buffer.from('run it, please').toString('base64'), messageId: '1' })),
  'a push of an empty object': parcel(message({})),
  'a push of a list': parcel(message([])),
  'a push of null': parcel(message(null)),
  'a push of a Gmail watch': parcel(message({ emailAddress: 'ada@example.org', historyId: '9' })),
  'a push of a Cloud Build': parcel(message({ id: 'b', status: 'SUCCESS', projectId: 'sluice-local' })),
  'an entry of a function': parcel(message(entry({ resource: { type: 'cloud_function', labels: {} } }))),
  'an entry of another project': parcel(message(entry({}, 'elsewhere'))),
  'an entry of another log': parcel(message(entry({ logName: STDOUT }))),
  'an entry of another method': parcel(message(entry({ protoPayload: DELETED }))),
  'an entry outside of a message': posted(JSON.stringify(entry())),
  'an audit event of Eventarc': parcel(
    binary(event('google.cloud.audit.log.v1.written', '//cloudaudit.googleapis.com/projects/p'), entry()),
  ),
  'an event of an unknown type, binary': parcel(binary(event('com.example.thing', '/x'), { a: 1 })),
  'an event of an unknown type, structured': parcel(structured(event('com.example.thing', '/x'), { a: 1 })),
  'a structured event of nonsense': posted('{"hello": 1}', {
    'content-type': 'application/cloudevents+json',
  }),
  'a Firestore event': parcel(
    structured(event('google.cloud.firestore.document.v1.written', '//firestore.googleapis.com/p'), {}),
  ),
  'a deleted object': parcel(binary(event('google.cloud.storage.object.v1.deleted', STORAGE), OBJECT)),
};

/** What publish-output takes for an event of a foreign object: acknowledged, with a line in the log. Of a watched bucket only notifications come. */
const FOREIGN_OBJECTS: Readonly<Record<string, Call>> = {
  'a finished object of another bucket': parcel(binary(event(FINALIZED, STORAGE), OBJECT)),
  'a finished object of another bucket, structured': parcel(structured(event(FINALIZED, STORAGE), OBJECT)),
  'a finished object of another bucket, in the form of the first functions': posted(
    JSON.stringify({
      context: {
        eventId: 'foreign',
        timestamp: '2026-11-26T08:00:00.000Z',
        eventType: 'google.storage.object.finalize',
        resource: {
          service: 'storage.googleapis.com',
          type: 'storage#object',
          name: `projects/_/buckets/of-another/objects/${OBJECT.name}`,
        },
      },
      data: OBJECT,
    }),
  ),
  'a notification of another bucket': parcel(
    push({
      data: base64({}),
      messageId: 'foreign',
      attributes: { eventType: 'OBJECT_FINALIZE', bucketId: 'of-another', objectId: OBJECT.name },
    }),
  ),
};

const NOTIFIED = /^a notification /;

const send = (name: string, foreign: Call) => call(mesh, name, CALLERS[name]?.() ?? '', foreign);

/** No run, no execution, no publication, and not even a look at a pipeline. */
async function startedNothing(since: number): Promise<void> {
  assert.equal(await mesh.published(), table);
  assert.deepEqual(await mesh.ledger(), runs);
  assert.equal(mesh.cloud.jobs.executions().length, runs.length);
  const acted = mesh.logLines.slice(since).filter((line) => /"event":"(swept|polled|run-ended)"/.test(line));
  assert.deepEqual(acted, []);
}

for (const name of FUNCTIONS) {
  describe(name, () => {
    for (const [what, foreign] of Object.entries(FOREIGN)) {
      test(`refuses ${what}`, async () => {
        const since = mesh.logLines.length;
        const { status, text } = await send(name, foreign);
        assert.ok(status >= 400 && status < 600, `answered ${status} ${text.slice(0, 200)}`);
        await startedNothing(since);
      });
    }
    for (const [what, foreign] of Object.entries(FOREIGN_OBJECTS)) {
      const acknowledges = name === 'publish-output' || (name === 'detect-changes' && NOTIFIED.test(what));
      test(`${acknowledges ? 'acknowledges' : 'refuses'} ${what}`, async () => {
        const since = mesh.logLines.length;
        const { status, text } = await send(name, foreign);
        assert.equal(status < 300, acknowledges, `answered ${status} ${text.slice(0, 200)}`);
        if (acknowledges) await mesh.logged(/Event ignored: it concerns the bucket of-another/, since);
        await startedNothing(since);
      });
    }
  });
}

describe('a message of the mesh at the wrong place', () => {
  const asked = () => ({ pipeline: 'carmila', run: runs[0] });

  for (const [name, topic] of [
    ['start-run', 'load-requested'],
    ['publish-output', 'run-requested'],
    ['publish-output', 'execution-finished'],
  ] as const) {
    test(`${name} refuses what was published to ${topic}, although it could be read`, async () => {
      const since = mesh.logLines.length;
      const path = `/projects/sluice-local/topics/${topic}`;
      const { status } = await send(name, parcel(message(asked(), `wrong-${topic}`), path));
      assert.equal(status, 500);
      await mesh.logged(new RegExp(`published to .{0,2}${topic}.{0,2}; expected one of`), since);
      await startedNothing(since);
    });
  }

  test('sweep-runs refuses a request for a run, and records why', async () => {
    const since = mesh.logLines.length;
    const foreign = { pipeline: 'carmila', run: RUN };
    const { status } = await send('sweep-runs', parcel(message(foreign)));
    assert.equal(status, 400);
    const refusal = await readRefusal(mesh.runs, Buffer.from(JSON.stringify(foreign)));
    assert.equal(refusal?.function, 'sweep-runs');
    await startedNothing(since);
  });
});

describe('sweep-runs', () => {
  test('acknowledges the end of a job of others, and sweeps nothing for it', async () => {
    const since = mesh.logLines.length;
    const { status } = await send('sweep-runs', parcel(message(entry({ resource: jobOf('of-others') }))));
    assert.equal(status, 200);
    await mesh.logged(/Message ignored: .* is not a job of the mesh/, since);
    await startedNothing(since);
  });

  test("still sweeps at its schedule's call, and at the end of its own job", async () => {
    const since = mesh.logLines.length;
    assert.equal(await mesh.fire('sweep'), 200);
    await mesh.logged(/"event":"swept","occasion":"schedule"/, since);
    assert.equal((await send('sweep-runs', parcel(message(entry())))).status, 200);
    await mesh.logged(/"event":"swept","occasion":"execution"/, since);
  });
});
