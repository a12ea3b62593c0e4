// Commands of operators, over the embedded cloud and with the real clients.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { callFunction } from '../../shared/google/functions.ts';
import { readState } from '../../shared/runs/state.ts';
import { readRun, readStatus } from '../../shared/history/history.ts';
import { readOutcome } from '../../shared/runs/outcome.ts';
import { withVisitors } from './folders.ts';
import { startMesh, type RunningMesh } from './start-mesh.ts';
import { auditOf, done, give, nextId, OPERATOR, refused } from './operator-commands.ts';
import { requestsDuring } from './requests.ts';

let mesh: RunningMesh;
before(async () => {
  mesh = await startMesh();
  mesh.put(withVisitors(100));
  assert.equal((await mesh.tick()).outcome, 'published');
});
after(() => mesh.close());

const state = async () => (await readState(mesh.runs, 'carmila'))?.value;

test('a paused pipeline asks for no run, its tick says by whom and why, and costs no call more', async () => {
  await done(mesh, { verb: 'pause', reason: 'the malls are being renamed' });
  mesh.put(withVisitors(101));
  const { length } = await mesh.ledger();
  const linesBefore = mesh.logLines.length;
  const requests = await requestsDuring(() => mesh.fire('tick-carmila'));
  const google = requests.filter((request) => /\/(drive|storage|b)\//.test(request));
  assert.equal(google.length, 2, requests.join('\n'));
  await mesh.logged(
    /^detect-changes.*carmila has been paused by operator@local since .*: the malls are being renamed/,
    linesBefore,
  );
  assert.equal((await mesh.ledger()).length, length);
  assert.equal((await readStatus(mesh.runs, 'carmila')).paused?.by, OPERATOR);

  assert.match(
    await refused(mesh, { verb: 'pause', reason: 'again' }),
    /is paused already, by operator@local/,
  );
  const forced = await refused(mesh, { verb: 'run', reason: 'all the same' });
  assert.match(forced, /no run was asked for. paused: carmila has been paused by/);

  await done(mesh, { verb: 'resume' });
  assert.equal((await mesh.tick()).outcome, 'published');
  assert.match((await done(mesh, { verb: 'resume' })).message, /is not paused/);
});

test('a run by force is a run of the unchanged folder, in the name of the person who asked, once', async () => {
  const id = nextId();
  const draft = { verb: 'run', reason: 'the model was mended', id };
  const { run = '' } = await done(mesh, draft);
  assert.deepEqual(await done(mesh, draft), await done(mesh, draft));
  assert.equal((await state())?.request?.run, run);
  assert.deepEqual((await state())?.request?.cause, {
    kind: 'person',
    by: OPERATOR,
    reason: 'the model was mended',
  });
  await mesh.until('the forced run to end', () => readOutcome(mesh.runs, 'carmila', run));
});

test('a command is recorded before it is carried out, with who, when and why, and so is its result', async () => {
  const entries = await auditOf(mesh);
  const [forced, ...others] = entries.filter(({ command }) => command.reason === 'the model was mended');
  assert.deepEqual(others, []);
  assert.equal(forced?.by, OPERATOR);
  assert.equal(forced.ended?.result, 'done');
  assert.match(forced.ended.message, /^run 000003-[0-9a-f]{8} was asked for/);
  assert.deepEqual(
    entries.map(({ command }) => command.verb),
    ['run', 'resume', 'resume', 'run', 'pause', 'pause'],
  );
});

test('a malformed command is refused, names the field, and leaves no record', async () => {
  const { length } = await auditOf(mesh);
  const wrong: [object, RegExp][] = [
    [{ verb: 'destroy' }, /verb/],
    [{ verb: 'pause', pipeline: 'x' }, /there is no pipeline "x"/],
    [{ verb: 'pause', pipeline: '../carmila' }, /expected a pipeline name/],
    [{ verb: 'cancel', run: '../../head' }, /expected a run id/],
    [{ verb: 'pause', reason: '  ' }, /expected a reason/],
    [{ verb: 'pause', id: 'x/../../head' }, /expected an order id/],
    [{ verb: 'pause', by: 'another operator' }, /[Uu]nrecognized key/],
    [{ verb: 'drop', subscription: 'mine', deadLetters: ['1'] }, /subscription/],
    [
      { verb: 'drop', subscription: 'run-requested-to-start-run', deadLetters: ["1'"] },
      /expected message ids/,
    ],
  ];
  for (const [draft, expected] of wrong) {
    await assert.rejects(give(mesh, draft as Record<string, unknown>), (error: Error) => {
      assert.match(error.message, expected);
      return error.name === 'PermanentError';
    });
  }
  assert.equal((await auditOf(mesh)).length, length);
});

test('an id that was used for another command is refused', async () => {
  const id = nextId();
  await done(mesh, { verb: 'resume', id });
  await assert.rejects(give(mesh, { verb: 'pause', id }), /was given by operator@local as resume/);
  assert.equal((await state())?.paused, null);
});

test('of a run that never was, or has ended, nothing can be cancelled, held or released', async () => {
  const ghost = '000777-0123abcd';
  for (const verb of ['cancel', 'hold', 'release']) {
    assert.match(await refused(mesh, { verb, run: ghost }), /there is no run 000777-0123abcd of carmila/);
  }
  const run = (await mesh.newestRun()).run;
  assert.match(await refused(mesh, { verb: 'cancel', run }), /too late: run .* ended at .* as published/);
  assert.match(
    await refused(mesh, { verb: 'hold', run }),
    /has ended, published at .*; expected one that is/,
  );
  assert.match(await refused(mesh, { verb: 'release', run }), /is published, not held/);
});

test('only the operators that the stack names may give commands', async () => {
  const token = await mesh.cloud.envOf(
    `sluice-publish-output@${mesh.cloud.projectId}.iam.gserviceaccount.com`,
  );
  const identity = await fetch(
    `http://${token.GCE_METADATA_HOST}/computeMetadata/v1/instance/service-accounts/default/identity?audience=${encodeURIComponent(mesh.cloud.functionUrl('handle-commands'))}`,
    { headers: { 'metadata-flavor': 'Google' } },
  );
  const answer = await fetch(mesh.cloud.functionUrl('handle-commands'), {
    method: 'POST',
    headers: { authorization: `Bearer ${await identity.text()}`, 'content-type': 'application/json' },
    body: JSON.stringify({ verb: 'pause', pipeline: 'carmila', reason: 'x', id: nextId() }),
  });
  assert.equal(answer.status, 403);
  assert.equal((await readRun(mesh.runs, 'carmila', (await mesh.newestRun()).run))?.status, 'published');
});

for (const [what, asked] of Object.entries({
  'in the name of another': { nonce: 'spoofed', by: 'ada@example.org' },
  'without an audit record': { nonce: 'unrecorded' },
})) {
  test(`only handle-commands may request a run ${what}`, async () => {
    const body = { pipeline: 'carmila', ...asked };
    await assert.rejects(callFunction(mesh.cloud.functionUrl('detect-changes'), body), {
      message: /operator@local asks for a run; only sluice-handle-commands@/,
    });
  });
}
