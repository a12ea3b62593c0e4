// What has a key can be read and written while the agent of its service may use the key, and not a moment longer.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { BIGQUERY_AGENT, PUBSUB_AGENT, STORAGE_AGENT } from '../../../local/iam/agents.ts';
import { startMesh, PROJECT, type WatchedMesh } from '../../ports/cloud.ts';
import { LONGEST_WAIT_MS } from '../../waiting.ts';

const KEY = `projects/${PROJECT}/locations/europe/keyRings/sluice/cryptoKeys/sluice`;
const BOTH = 'roles/cloudkms.cryptoKeyEncrypterDecrypter';
const DECRYPTER = `projects/${PROJECT}/roles/decrypter`;
const TOPIC = `projects/${PROJECT}/topics/kept`;
const READER = `projects/${PROJECT}/subscriptions/reader`;

let mesh: WatchedMesh;
const logLines: string[] = [];
before(async () => {
  mesh = await startMesh(undefined, (line) => logLines.push(line));
  const { storage, pubsub, bigquery, iam } = mesh.cloud;
  storage.ensureBucket({ name: 'kept', projectId: PROJECT, location: 'EU' }, { kmsKeyName: KEY });
  storage.ensureBucket({ name: 'open', projectId: PROJECT, location: 'EU' });
  pubsub.ensureTopic({ name: TOPIC, kmsKeyName: KEY });
  pubsub.ensureSubscription({ name: READER, topic: TOPIC });
  const event = { bucket: 'open', topic: TOPIC, payloadFormat: 'NONE', eventTypes: ['OBJECT_FINALIZE'] };
  storage.notifications.ensure(event);
  await bigquery.ensureDataset({ datasetId: 'kept', location: 'EU', kmsKeyName: KEY });
  await bigquery.ensureDataset({ datasetId: 'open', location: 'EU' });
  const schema = { fields: [{ name: 'a', type: 'INTEGER' as const, mode: 'NULLABLE' as const }] };
  for (const datasetId of ['kept', 'open']) await bigquery.ensureTable({ datasetId, tableId: 't', schema });
  iam.ensureRole(DECRYPTER, ['cloudkms.cryptoKeyVersions.useToDecrypt']);
});
after(() => mesh.close());
beforeEach(() => {
  mesh.cloud.iam.resetBindings();
  logLines.length = 0;
});

const allow = (agent: string, role = BOTH) =>
  mesh.cloud.iam.grant({ role, member: `serviceAccount:${agent}`, resource: KEY });

interface Answer {
  readonly code: number;
  readonly body: {
    readonly error?: {
      readonly message: string;
      readonly status: string;
      readonly errors: { reason: string }[];
    };
    readonly status?: { readonly errorResult?: { readonly reason: string; readonly message: string } };
  };
}

async function ask(method: string, path: string, body?: string): Promise<Answer> {
  const headers = { 'content-type': path.startsWith('/upload') ? 'text/plain' : 'application/json' };
  const options = body === undefined ? { method } : { method, headers, body };
  const answer = await fetch(`${mesh.cloud.endpoint}${path}`, options);
  const text = await answer.text();
  return { code: answer.status, body: text.startsWith('{') ? (JSON.parse(text) as Answer['body']) : {} };
}

const errorOf = ({ code, body: { error } }: Answer) => [
  code,
  error?.status,
  error?.errors[0]?.reason,
  error?.message,
];

describe('Cloud Storage', () => {
  const REFUSED = [
    403,
    'PERMISSION_DENIED',
    'forbidden',
    'Permission denied on Cloud KMS key. Please ensure that your Cloud Storage service account has been authorized to use this key.',
  ];
  const put = (bucket: string, name: string) =>
    ask('POST', `/upload/storage/v1/b/${bucket}/o?uploadType=media&name=${name}`, 'a\n1\n');
  const read = (name: string) => ask('GET', `/storage/v1/b/kept/o/${name}?alt=media`);
  const copy = (from: string, to: string) =>
    ask('POST', `/storage/v1/b/${from}/o/x/copyTo/b/${to}/o/y`, '{}');

  test('writes to a bucket with a key while its agent may encrypt, and refuses as Google words it', async () => {
    assert.deepEqual(errorOf(await put('kept', 'x')), REFUSED);
    assert.match(
      logLines.join('\n'),
      /gs-project-accounts\S+ does not have cloudkms\S+useToEncrypt on \S+sluice/,
    );
    assert.equal((await ask('GET', '/storage/v1/b/kept/o/x')).code, 404);
    allow(STORAGE_AGENT);
    assert.equal((await put('kept', 'x')).code, 200);
  });

  test('refuses the end of a session, and whatever a copy or a composition would write', async () => {
    const session = await fetch(
      `${mesh.cloud.endpoint}/upload/storage/v1/b/kept/o?uploadType=resumable&name=y`,
      { method: 'POST' },
    );
    const location = new URL(session.headers.get('location') ?? '');
    assert.deepEqual(errorOf(await ask('PUT', location.pathname + location.search, 'a')), REFUSED);
    await put('open', 'x');
    assert.deepEqual(errorOf(await copy('open', 'kept')), REFUSED);
    const sources = JSON.stringify({ sourceObjects: [{ name: 'x' }] });
    assert.deepEqual(errorOf(await ask('POST', '/storage/v1/b/kept/o/y/compose', sources)), REFUSED);
  });

  test('reads an object while its agent may decrypt; its metadata needs no key', async () => {
    allow(STORAGE_AGENT);
    await put('kept', 'x');
    mesh.cloud.iam.resetBindings();
    assert.deepEqual(errorOf(await read('x')), REFUSED);
    assert.deepEqual(errorOf(await copy('kept', 'open')), REFUSED);
    assert.equal((await ask('GET', '/storage/v1/b/kept/o/x')).code, 200);
    assert.equal((await ask('GET', '/storage/v1/b/kept/o')).code, 200);
    allow(STORAGE_AGENT, DECRYPTER);
    assert.equal((await read('x')).code, 200);
    assert.deepEqual(errorOf(await put('kept', 'x')), REFUSED);
  });

  test('asks for no key in a bucket without one, nor once a bucket has lost it', async () => {
    assert.equal((await put('open', 'x')).code, 200);
    mesh.cloud.storage.ensureBucket({ name: 'kept', projectId: PROJECT }, {});
    assert.equal((await put('kept', 'x')).code, 200);
    mesh.cloud.storage.ensureBucket({ name: 'kept', projectId: PROJECT }, { kmsKeyName: KEY });
    assert.equal((await put('kept', 'x')).code, 403);
  });
});

describe('Pub/Sub', () => {
  const REFUSED = [
    400,
    'FAILED_PRECONDITION',
    'failedPrecondition',
    'Cloud Pub/Sub did not have the necessary permissions configured to support this operation. Please verify that ' +
      `the service account ${PUBSUB_AGENT} was granted the Cloud KMS CryptoKey Encrypter/Decrypter role for the ` +
      `project containing the CryptoKey resource ${KEY}.`,
  ];
  const publish = () => ask('POST', `/v1/${TOPIC}:publish`, JSON.stringify({ messages: [{ data: 'eA==' }] }));
  const pull = () =>
    ask('POST', `/v1/${READER}:pull`, JSON.stringify({ maxMessages: 1, returnImmediately: true }));

  test('takes messages while its agent may encrypt, and gives them while it may decrypt', async () => {
    assert.deepEqual(errorOf(await publish()), REFUSED);
    assert.deepEqual(errorOf(await pull()), REFUSED);
    allow(PUBSUB_AGENT, DECRYPTER);
    assert.deepEqual(errorOf(await publish()), REFUSED);
    assert.deepEqual((await pull()).body, {});
    allow(PUBSUB_AGENT);
    assert.equal((await publish()).code, 200);
    assert.ok('receivedMessages' in (await pull()).body);
  });

  test('that refuses the notification of a finished object does not undo the object', async () => {
    const resource = TOPIC;
    mesh.cloud.iam.grant({
      role: 'roles/pubsub.publisher',
      member: `serviceAccount:${STORAGE_AGENT}`,
      resource,
    });
    assert.equal((await ask('POST', '/upload/storage/v1/b/open/o?uploadType=media&name=n', 'n')).code, 200);
    assert.match(
      logLines.join('\n'),
      /nothing was published to \S+topics\/kept: Cloud Pub\/Sub did not have the necessary/,
    );
    assert.equal((await ask('GET', '/storage/v1/b/open/o/n')).code, 200);
  });
});

describe('BigQuery', () => {
  const sentence = (use: string) =>
    `Access Denied: BigQuery BigQuery: Cloud KMS Error: Permission 'cloudkms.cryptoKeyVersions.useTo${use}' denied ` +
    `on resource '${KEY}' (or it may not exist). Please grant Cloud KMS CryptoKey Encrypter/Decrypter role to ` +
    `BigQuery service account: ${BIGQUERY_AGENT}`;
  const refused = (use: string) => [403, 'PERMISSION_DENIED', 'accessDenied', sentence(use)];
  const path = `/bigquery/v2/projects/${PROJECT}`;
  const query = (text: string) =>
    ask('POST', `${path}/queries`, JSON.stringify({ query: text, useLegacySql: false }));
  const rows = () => ask('GET', `${path}/datasets/kept/tables/t/data`);
  let loads = 0;
  async function load(bucket: string, dataset: string, table: string) {
    const jobReference = { projectId: PROJECT, jobId: `load-${++loads}`, location: 'EU' };
    const destinationTable = { projectId: PROJECT, datasetId: dataset, tableId: table };
    const schema = { fields: [{ name: 'a', type: 'INTEGER' }] };
    const sourceUris = [`gs://${bucket}/x`];
    const options = { sourceFormat: 'CSV', skipLeadingRows: 1, createDisposition: 'CREATE_IF_NEEDED' };
    const configuration = { load: { sourceUris, destinationTable, schema, ...options } };
    assert.equal(
      (await ask('POST', `${path}/jobs`, JSON.stringify({ jobReference, configuration }))).code,
      200,
    );
    const ended = await mesh.cloud.bigquery.jobs.wait(jobReference.jobId, 'EU', LONGEST_WAIT_MS);
    return ended.errors?.[0];
  }

  test('reads rows of a table with a key while its agent may decrypt', async () => {
    assert.deepEqual(errorOf(await query('SELECT a FROM kept.t')), refused('Decrypt'));
    assert.deepEqual(errorOf(await rows()), refused('Decrypt'));
    assert.equal((await query('SELECT a FROM open.t')).code, 200);
    allow(BIGQUERY_AGENT, DECRYPTER);
    assert.equal((await query('SELECT a FROM kept.t')).code, 200);
    assert.equal((await rows()).code, 200);
  });

  test('writes rows while its agent may encrypt', async () => {
    const insert = 'INSERT INTO kept.t (a) VALUES (1)';
    allow(BIGQUERY_AGENT, DECRYPTER);
    assert.deepEqual(errorOf(await query(insert)), refused('Encrypt'));
    const table = mesh.cloud.bigquery.catalog.table('kept', 't', 0);
    assert.equal(table && (await mesh.cloud.bigquery.countRows(table)), 0);
    allow(BIGQUERY_AGENT);
    assert.equal((await query(insert)).code, 200);
  });

  test('loads where it may encrypt, from objects that Cloud Storage may decrypt', async () => {
    allow(STORAGE_AGENT);
    await ask('POST', '/upload/storage/v1/b/kept/o?uploadType=media&name=x', 'a\n1\n');
    // A table that is not there yet takes the key of its dataset.
    assert.deepEqual(await load('kept', 'kept', 'made'), {
      reason: 'accessDenied',
      message: sentence('Encrypt'),
    });
    allow(BIGQUERY_AGENT);
    assert.equal(await load('kept', 'kept', 'made'), undefined);
    mesh.cloud.iam.resetBindings();
    const reason = 'Permission denied on Cloud KMS key.';
    assert.equal((await load('kept', 'open', 't'))?.message.startsWith(reason), true);
  });
});
