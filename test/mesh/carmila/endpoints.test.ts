// No open endpoints: every function of the plan is called with every token that it must refuse, and by every identity.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { generateKeyPair, importPKCS8, SignJWT, UnsecuredJWT, type CryptoKey, type JWTPayload } from 'jose';
import { localStack } from '../../../cli/local-mesh.ts';
import { plannedResources } from '../../../cli/planned.ts';
import type { PlannedResource } from '../../../infra/plan.ts';
import { fromInside } from '../../../local/functions/inside.ts';
import { carmila } from '../../../pipelines/carmila.ts';
import { isOpen } from '../../../shared/functions/declaration.ts';
import { loadFunctions } from '../../../shared/functions/registry.ts';
import { deployedFunctions } from '../../../shared/functions/services.ts';
import { readState } from '../../../shared/runs/state.ts';
import { startMesh, type RunningMesh } from '../start-mesh.ts';

const OPERATOR = 'night@example.org';
const GOOGLE = 'https://accounts.google.com';
const FUNCTIONS = [...deployedFunctions(loadFunctions(), [carmila], true).keys()].toSorted();
/** These verify tokens themselves; test/mesh/requests tries every way in. */
const OPEN = [...loadFunctions().values()].filter(isOpen).map(({ name }) => name);

interface Key {
  readonly id: string;
  readonly key: CryptoKey;
}

let mesh: RunningMesh;
let plan: readonly PlannedResource[];
/** The key that the local cloud signs with, and one that it has never seen. */
let own: Key;
let foreign: Key;
before(async () => {
  const config = { 'sluice:operators': `user:${OPERATOR}` };
  mesh = await startMesh({ countsMessages: true, config });
  const { functionUrl } = mesh.cloud;
  plan = await plannedResources({ ...localStack('carmila'), ...config }, functionUrl);
  own = await keyOf(mesh);
  foreign = { id: own.id, key: (await generateKeyPair('RS256')).privateKey };
});
after(() => mesh.close());

const ofType = (type: string) => plan.filter((resource) => resource.type === `gcp:${type}`);
const account = (name: string) => `sluice-${name}@${mesh.cloud.projectId}.iam.gserviceaccount.com`;

/** Who may call what, as the program grants it: `FUNCTION EMAIL`. */
const granted = () =>
  new Set(
    ofType('cloudrunv2/serviceIamMember:ServiceIamMember').map(
      ({ inputs }) => `${String(inputs.name)} ${String(inputs.member).replace(/^[a-zA-Z]+:/, '')}`,
    ),
  );

/** Claims as Google makes them for an identity that may call the function, except what is changed. */
function claimsFor(name: string, changes: JWTPayload = {}): JWTPayload {
  const now = Math.floor(Date.now() / 1000);
  const [allowed = ''] = [...granted()].filter((pair) => pair.startsWith(`${name} `));
  return {
    iss: GOOGLE,
    aud: mesh.cloud.functionUrl(name),
    sub: '1',
    email: allowed.split(' ')[1],
    email_verified: true,
    iat: now,
    exp: now + 3600,
    ...changes,
  };
}

const signed = (claims: JWTPayload, { id, key }: Key): Promise<string> =>
  new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: id, typ: 'JWT' }).sign(key);

interface Answered {
  readonly status: number;
  readonly text: string;
  readonly challenge: string;
}

/** Asks as the internet does. */
async function call(
  name: string,
  token: string | undefined,
  more: Record<string, string> = {},
): Promise<Answered> {
  const headers = { ...more, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) };
  const answer = await fetch(mesh.cloud.functionUrl(name), { headers });
  const challenge = answer.headers.get('www-authenticate') ?? '';
  return { status: answer.status, text: await answer.text(), challenge };
}

/** Asks as Cloud Scheduler and Pub/Sub do, whose calls are let in wherever the token is. */
async function within(name: string, token: string | undefined): Promise<Answered> {
  const observed: Answered[] = [];
  const ask = fromInside(async ({ headers }) => observed.push(await call(name, token, headers)));
  await ask({ headers: {} });
  const [answered] = observed;
  assert.ok(answered);
  return answered;
}

/** The local cloud's signing key, read from where it keeps it: a forger who had stolen it. */
async function keyOf({ folders }: RunningMesh): Promise<Key> {
  const state = new DatabaseSync(join(folders.data, 'state.db'), { readOnly: true });
  const row = state.prepare('SELECT id, private_pem FROM iam_keys').get();
  state.close();
  return { id: String(row?.['id']), key: await importPKCS8(String(row?.['private_pem']), 'RS256') };
}

const hoursAgo = (hours: number) => Math.floor(Date.now() / 1000) - hours * 3600;

type Forge = (name: string) => Promise<string | undefined> | string | undefined;
const WRONG: Readonly<Record<string, readonly [status: number, forge: Forge]>> = {
  'no token': [403, () => undefined],
  'no token but a word': [401, () => 'open-sesame'],
  'an unsigned token': [401, (name) => new UnsecuredJWT(claimsFor(name)).encode()],
  'an audience that is another function': [
    401,
    (name) =>
      signed(
        claimsFor(name, {
          aud: mesh.cloud.functionUrl(name === 'start-run' ? 'publish-output' : 'start-run'),
        }),
        own,
      ),
  ],
  'no audience': [401, (name) => signed(claimsFor(name, { aud: undefined }), own)],
  'an expired token': [401, (name) => signed(claimsFor(name, { iat: hoursAgo(2), exp: hoursAgo(1) }), own)],
  'a token that never expires': [401, (name) => signed(claimsFor(name, { exp: undefined }), own)],
  'a token of another issuer': [
    401,
    (name) => signed(claimsFor(name, { iss: 'https://issuer.example' }), own),
  ],
  'a token signed with another key': [401, (name) => signed(claimsFor(name), foreign)],
  'a token without an identity': [401, (name) => signed(claimsFor(name, { email: undefined }), own)],
  'an access token': [401, () => 'ya29.local-anything'],
  'a token of an identity of another project': [
    403,
    (name) => signed(claimsFor(name, { email: 'sluice-scheduler@elsewhere.iam.gserviceaccount.com' }), own),
  ],
  'a token of an identity outside the project': [
    403,
    (name) => signed(claimsFor(name, { email: 'mallory@example.org' }), own),
  ],
};

test('these are all the functions that the program deploys', () => {
  const forms = ['cloudfunctionsv2/function:Function', 'cloudrunv2/service:Service'];
  const names = forms.flatMap(ofType).map(({ inputs }) => String(inputs.name));
  assert.deepEqual(names.toSorted(), [...FUNCTIONS, ...OPEN].toSorted());
});

for (const name of FUNCTIONS) {
  describe(`the endpoint of ${name}`, () => {
    for (const [what, [status, forge]] of Object.entries(WRONG)) {
      test(`answers ${status} to ${what}, and starts no function`, async () => {
        const since = mesh.logLines.length;
        const found = await within(name, await forge(name));
        assert.equal(found.status, status, found.text);
        await mesh.logged(new RegExp(`^${name}: \\(a request was answered ${status}: `), since);
        // What another function logs about the last call to it may still be on its way.
        const lines = mesh.logLines.slice(since).filter((line) => line.startsWith(`${name}: `));
        assert.deepEqual(
          lines.filter((line) => !line.includes('(a request was answered')),
          [],
        );
      });
    }

    test('accepts the identities to which the program grants it, and no others', async () => {
      const accounts = ofType('serviceaccount/account:Account').map(({ name: key }) => account(key));
      const expected = granted();
      for (const email of [...accounts, OPERATOR]) {
        const { status } = await within(name, await signed(claimsFor(name, { email }), own));
        const isOpen = status !== 401 && status !== 403;
        assert.equal(isOpen, expected.has(`${name} ${email}`), `${email} at ${name} was answered ${status}`);
      }
    });
  });
}

test('the pages are those of Cloud Run, and a bad token is challenged', async () => {
  const without = await call('start-run', undefined);
  assert.match(
    without.text,
    /<h1>Error: Forbidden<\/h1><h2>Your client does not have permission to get URL <code>\/<\/code> from this server/,
  );
  const bad = await call('start-run', 'open-sesame');
  assert.match(bad.text, /Error: Unauthorized/);
  assert.match(bad.challenge, /^Bearer error="invalid_token"/);
});

describe('a call with two tokens', () => {
  const commandWith = async (serverless: string, authorization: string): Promise<Answered> => {
    const command = { id: randomUUID(), verb: 'pause', pipeline: 'carmila', reason: 'a test' };
    const answer = await fetch(mesh.cloud.functionUrl('handle-commands'), {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-serverless-authorization': `Bearer ${serverless}`,
        authorization: `Bearer ${authorization}`,
      },
      body: JSON.stringify(command),
    });
    return { status: answer.status, text: await answer.text(), challenge: '' };
  };

  test('is judged by the one in X-Serverless-Authorization alone', async () => {
    const good = await signed(claimsFor('handle-commands'), own);
    assert.equal((await commandWith('open-sesame', good)).status, 401);
  });

  test('carries out no command in the name in the other header', async () => {
    const good = await signed(claimsFor('handle-commands', { email: OPERATOR }), own);
    const forged = new UnsecuredJWT(claimsFor('handle-commands', { email: 'boss@example.org' })).encode();
    const { status, text } = await commandWith(good, forged);
    assert.equal(status, 400, text);
    assert.match(text, /carries X-Serverless-Authorization; expected its token in Authorization/);
    assert.equal((await readState(mesh.runs, 'carmila'))?.value.paused ?? null, null);
  });
});

test('the function that only the schedule calls is 404 from the internet, for every identity', async () => {
  const since = mesh.logLines.length;
  const token = await signed(claimsFor('sweep-runs'), own);
  assert.equal((await call('sweep-runs', token)).status, 404);
  assert.equal((await call('sweep-runs', token, { 'x-local-cloud-inside': 'please' })).status, 404);
  await mesh.logged(/^sweep-runs: \(a request was answered 404: it came from outside/, since);
  assert.equal(await mesh.fire('sweep'), 200);
});

test('the scheduler calls the functions that it has schedules for, and no others', () => {
  const scheduled = ofType('cloudscheduler/job:Job').map(({ inputs }) => {
    const { uri, oidcToken } = inputs.httpTarget as { uri: string; oidcToken: { audience: string } };
    assert.equal(oidcToken.audience, uri);
    return uri;
  });
  const callable = [...granted()]
    .filter((pair) => pair.endsWith(` ${account('scheduler')}`))
    .map((pair) => mesh.cloud.functionUrl(pair.split(' ')[0] ?? ''));
  assert.deepEqual(callable.toSorted(), [...new Set(scheduled)].toSorted());
});
