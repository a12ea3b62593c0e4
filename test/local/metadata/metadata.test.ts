// The unmodified Google auth library finds its project, its identity and its tokens at the metadata server.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { createApi, type Api } from '../../../local/http/api.ts';
import { Tokens } from '../../../local/iam/tokens.ts';
import { metadataRoutes } from '../../../local/metadata/routes.ts';
import { memoryState } from '../../../local/state/state.ts';
import { LONGEST_PROCESS_MS } from '../../waiting.ts';

const EMAIL = 'start-run@p1.iam.gserviceaccount.com';
const AUDIENCE = 'https://publish-output.example';

let api: Api;
let tokens: Tokens;
let port: number;

before(async () => {
  api = createApi();
  tokens = await Tokens.open(memoryState());
  metadataRoutes(api.app, { projectId: 'p1', tokens });
  port = await api.listenAs(EMAIL);
});
after(() => api.close());

/** Runs a program with nothing of this process's environment but what points it at the metadata server. */
async function asIdentity(program: string): Promise<Record<string, unknown>> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: new URL('../../..', import.meta.url),
    timeout: LONGEST_PROCESS_MS,
    env: {
      GCE_METADATA_HOST: `127.0.0.1:${port}`,
      METADATA_SERVER_DETECTION: 'assume-present',
      PATH: '/nonexistent',
      HOME: '/nonexistent',
    },
  });
  return JSON.parse(stdout) as Record<string, unknown>;
}

test('GoogleAuth finds project, identity and tokens, with its code unchanged', async () => {
  const observed = await asIdentity(`
    import { GoogleAuth } from 'google-auth-library';
    const auth = new GoogleAuth({ scopes: 'https://www.googleapis.com/auth/cloud-platform' });
    const client = await auth.getClient();
    const idClient = await auth.getIdTokenClient(${JSON.stringify(AUDIENCE)});
    const headers = await idClient.getRequestHeaders(${JSON.stringify(AUDIENCE)});
    console.log(JSON.stringify({
      project: await auth.getProjectId(),
      email: (await auth.getCredentials()).client_email,
      accessToken: (await client.getAccessToken()).token,
      universe: await auth.getUniverseDomain(),
      authorization: headers.get('authorization'),
    }));
  `);
  assert.equal(observed['project'], 'p1');
  assert.equal(observed['email'], EMAIL);
  assert.match(String(observed['accessToken']), /^ya29\./);
  assert.equal(observed['universe'], 'googleapis.com');
  assert.equal(await tokens.verifyIdToken(String(observed['authorization']), AUDIENCE), EMAIL);
});

test('each port answers for its own identity', async () => {
  const otherPort = await api.listenAs('sweep-runs@p1.iam.gserviceaccount.com');
  const email = (at: number) => get('/instance/service-accounts/default/email', at).then((r) => r.text());
  assert.equal(await email(port), EMAIL);
  assert.equal(await email(otherPort), 'sweep-runs@p1.iam.gserviceaccount.com');
});

test('an account may be named by its email, and no other account is there', async () => {
  const own = await get(`/instance/service-accounts/${EMAIL}/token`);
  const token = (await own.json()) as { expires_in: number; token_type: string };
  assert.equal(token.token_type, 'Bearer');
  assert.equal(token.expires_in, 3600);
  assert.equal((await get('/instance/service-accounts/root@p1/token')).status, 404);
});

test('every answer carries the flavor, and a question without it is refused', async () => {
  const paths = [
    '/instance',
    '/instance/region',
    '/instance/zone',
    '/instance/service-accounts/default/scopes',
    '/instance/service-accounts/?recursive=true',
    '/instance/service-accounts/default/?recursive=true',
    '/project/numeric-project-id',
    '/universe/universe-domain',
  ];
  for (const path of paths) {
    const answer = await get(path);
    assert.equal(answer.status, 200, path);
    assert.equal(answer.headers.get('metadata-flavor'), 'Google', path);
    const bare = await fetch(`http://127.0.0.1:${port}/computeMetadata/v1${path}`);
    assert.equal(bare.status, 403, path);
  }
  assert.match(await (await get('/project/numeric-project-id')).text(), /^\d{12}$/);
});

test('an ID token without an audience is refused, and an unknown path is named', async () => {
  assert.equal((await get('/instance/service-accounts/default/identity')).status, 400);
  const unknown = await get('/instance/attributes/startup-script');
  assert.equal(unknown.status, 501);
  assert.match(await unknown.text(), /attributes\/startup-script/);
});

function get(path: string, at = port): Promise<Response> {
  return fetch(`http://127.0.0.1:${at}/computeMetadata/v1${path}`, {
    headers: { 'metadata-flavor': 'Google' },
  });
}
