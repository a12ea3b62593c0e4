// Signed links through the adapter that makes them: who may sign, and what a link opens, for how long.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { linkSigner } from '../../../shared/google/signed-links.ts';
import type { SignedLink } from '../../../shared/objects/links.ts';
import { startMesh, PROJECT, type WatchedMesh } from '../../ports/cloud.ts';
import { plantObjects } from '../../ports/plant.ts';

const SIGNER = `signer@${PROJECT}.iam.gserviceaccount.com`;
const SELF = `projects/${PROJECT}/serviceAccounts/${SIGNER}`;
const OBJECT = 'sample/r1/attempt-1/a result, 100 %é+(1).json';
const LINK: SignedLink = { object: OBJECT, expiresSeconds: 600, fileName: 'result.json' };

describe('a signed link', () => {
  let mesh: WatchedMesh;
  let port: number;
  const config = () => ({ ...mesh.config, GOOGLE_API_ENDPOINT: `http://127.0.0.1:${port}` });
  const signer = (now?: () => number) => linkSigner('results', config(), now);

  before(async () => {
    mesh = await startMesh();
    const { iam, storage } = mesh.cloud;
    storage.ensureBucket({ name: 'results', location: 'EU', projectId: PROJECT });
    plantObjects(storage, 'results', [
      [OBJECT, '{"answer":42}'],
      ['other.json', '{}'],
    ]);
    iam.ensureServiceAccount(SIGNER);
    port = await mesh.cloud.api.listenAs(SIGNER);
    process.env.GCE_METADATA_HOST = `127.0.0.1:${port}`;
    iam.grant({
      role: 'roles/iam.serviceAccountTokenCreator',
      member: `serviceAccount:${SIGNER}`,
      resource: SELF,
    });
    iam.grant({
      role: 'roles/storage.objectViewer',
      member: `serviceAccount:${SIGNER}`,
      resource: 'projects/_/buckets/results',
    });
  });
  after(() => mesh.close());

  const refusedWith = async (url: string, status: number, code: string, init: RequestInit = {}) => {
    const answer = await fetch(url, init);
    assert.equal(answer.status, status, url);
    assert.match(await answer.text(), new RegExp(`<Code>${code}</Code>`));
  };

  test('opens its object, without an account, under the name that it gives', async () => {
    const answer = await fetch(await signer().sign(LINK));
    assert.equal(answer.status, 200);
    assert.equal(await answer.text(), '{"answer":42}');
    assert.equal(answer.headers.get('content-disposition'), 'attachment; filename="result.json"');
  });

  test('opens nothing once it has expired, or before its time', async () => {
    await refusedWith(await signer(() => Date.now() - 601_000).sign(LINK), 400, 'ExpiredToken');
    await refusedWith(await signer(() => Date.now() + 3_600_000).sign(LINK), 403, 'AccessDenied');
  });

  test('opens nothing when anything of it was changed', async () => {
    const link = await signer().sign(LINK);
    const object = OBJECT.split('/').map(encodeURIComponent).join('/');
    assert.ok(link.includes('X-Goog-Expires=600'));
    for (const [from, to] of [
      ['X-Goog-Expires=600', 'X-Goog-Expires=604800'],
      ['result.json%22', 'other.html%22'],
      ['signer%40', 'other%40'],
      [/&X-Goog-Signature=.*/, '&X-Goog-Signature=00'],
    ] as const)
      await refusedWith(link.replace(from, to), 403, 'SignatureDoesNotMatch');
    const path = new URL(link).pathname;
    assert.ok(object.length > 0);
    await refusedWith(link.replace(path, '/results/other.json'), 403, 'SignatureDoesNotMatch');
    await refusedWith(`${link}&X-Goog-Expires=604800`, 403, 'SignatureDoesNotMatch');
  });

  test('opens no absent object', async () => {
    await refusedWith(await signer().sign({ ...LINK, object: 'absent.json' }), 404, 'NoSuchKey');
  });

  test('is for one method', async () => {
    const link = await signer().sign(LINK);
    for (const method of ['PUT', 'DELETE', 'POST']) assert.equal((await fetch(link, { method })).status, 501);
  });

  test('is no longer than a week, and has the form of Google', async () => {
    await refusedWith(await signer().sign({ ...LINK, expiresSeconds: 604_801 }), 400, 'InvalidArgument');
    const link = await signer().sign(LINK);
    await refusedWith(link.replace('GOOG4-RSA-SHA256', 'GOOG4-HMAC-SHA256'), 400, 'InvalidArgument');
    assert.equal((await fetch(`${link}&surprise=1`)).status, 501);
  });

  test('opens nothing that its account may not read', async () => {
    const { iam } = mesh.cloud;
    const grant = {
      role: 'roles/storage.objectViewer',
      member: `serviceAccount:${SIGNER}`,
      resource: 'projects/_/buckets/results',
    };
    const link = await signer().sign(LINK);
    iam.revoke(grant);
    await refusedWith(link, 403, 'AccessDenied');
    iam.grant(grant);
  });

  test('is not signed for an identity that may not sign as the account', async () => {
    mesh.cloud.iam.revoke({
      role: 'roles/iam.serviceAccountTokenCreator',
      member: `serviceAccount:${SIGNER}`,
      resource: SELF,
    });
    await assert.rejects(signer().sign(LINK), /iam\.serviceAccounts\.signBlob/);
  });

  test('a path without a signature is one that no service knows', async () => {
    assert.equal((await fetch(`http://127.0.0.1:${port}/results/other.json`)).status, 501);
  });
});
