// Orders: what a person wishes of the mesh, over the embedded cloud and with the real clients.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { callFunction } from '../../../shared/google/functions.ts';
import { readState } from '../../../shared/runs/state.ts';
import { readRun, readStatus } from '../../../shared/history/history.ts';
import { readOutcome } from '../../../shared/runs/outcome.ts';
import { withVisitors } from '../folders.ts';
import { startMesh, type RunningMesh } from '../start-mesh.ts';
import { auditOf, done, give, nextId, OPERATOR, refused } from '../operator-commands.ts';
import { requestsDuring } from '../requests.ts';

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
  const heardBefore = mesh.logLines.length;
  const requests = await requestsDuring(() => mesh.fire('tick-carmila'));
  const google = requests.filter((request) => /\/(drive|storage|b)\//.test(request));
  assert.equal(google.length, 2, requests.join('\n'));
  await mesh.logged(
    /^detect-changes.*carmila is paused by operator@local since .*: the malls are being renamed/,
    heardBefore,
  );
  assert.equal((await mesh.ledger()).length, length);
  assert.equal((await readStatus(mesh.runs, 'carmila')).paused?.by, OPERATOR);

  assert.match(
    await refused(mesh, { verb: 'pause', reason: 'again' }),
    /is paused already, by operator@local/,
  );
  const forced = await refused(mesh, { verb: 'run', reason: 'all the same' });
  assert.match(forced, /No run requested: carmila is paused by/);

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

test('an order is recorded before it is carried out, with who, when and why, and so is what came of it', async () => {
  const entries = await auditOf(mesh);
  const [forced, ...others] = entries.filter(({ command }) => command.reason === 'the model was mended');
  assert.deepEqual(others, []);
  assert.equal(forced?.by, OPERATOR);
  assert.equal(forced.ended?.result, 'done');
  assert.match(forced.ended.message, /^Run 000003-[0-9a-f]{8} requested/);
  assert.deepEqual(
    entries.map(({ command }) => command.verb),
    ['run', 'resume', 'resume', 'run', 'pause', 'pause'],
  );
});

test('what is no order is refused, names the place, and leaves no record', async () => {
  const { length } = await auditOf(mesh);
  const wrong: [object, RegExp][] = [
    [{ verb: 'destroy' }, /verb/],
    [{ verb: 'pause', pipeline: 'x' }, /there is no pipeline "x"/],
    [{ verb: 'pause', pipeline: '../carmila' }, /expected a pipeline name/],
    [{ verb: 'cancel', run: '../../head' }, /expected a run id/],
    [{ verb: 'pause', reason: '  ' }, /expected a reason/],
    [{ verb: 'pause', id: 'x/../../head' }, /expected a command id/],
    [{ verb: 'pause', by: 'somebody else' }, /[Uu]nrecognized key/],
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

test('an id that was used for another order is refused', async () => {
  const id = nextId();
  await done(mesh, { verb: 'resume', id });
  await assert.rejects(give(mesh, { verb: 'pause', id }), /belongs to the resume of operator@local/);
  assert.equal((await state())?.paused, null);
});

test('of a run that never was, or has ended, nothing can be cancelled, held or released', async () => {
  const ghost = '000777-0123abcd';
  for (const verb of ['cancel', 'hold', 'release']) {
    assert.match(await refused(mesh, { verb, run: ghost }), /There is no run 000777-0123abcd of carmila/);
  }
  const run = (await mesh.newestRun()).run;
  assert.match(await refused(mesh, { verb: 'cancel', run }), /Too late: run .* ended as published at/);
  assert.match(await refused(mesh, { verb: 'hold', run }), /Too late: run .* ended as published at/);
  assert.match(await refused(mesh, { verb: 'release', run }), /ended as published, not held/);
});

test('only those whom the stack names may give orders', async () => {
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
  'in the name of another': { nonce: 'spoofed', by: 'somebody@example.org' },
  'past the record of orders': { nonce: 'unrecorded' },
})) {
  test(`only handle-commands may ask for a run ${what}`, async () => {
    const body = { pipeline: 'carmila', ...asked };
    await assert.rejects(callFunction(mesh.cloud.functionUrl('detect-changes'), body), {
      message: /operator@local may not request a run .*only sluice-handle-commands@/,
    });
  });
}
