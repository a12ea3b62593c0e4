// The operator's commands as they are typed: `npm run sluice -- pause`, `cancel`, `dead-letters` …, and their audit records.
import { PubSub } from '@google-cloud/pubsub';
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { LOCAL_PROJECT } from '../../../cli/local-mesh.ts';
import { run, type Ended } from '../commands.ts';
import { documentedKeys } from '../documented-keys.ts';
import { good } from '../folders.ts';
import { startMesh, type RunningMesh } from '../start-mesh.ts';

let mesh: RunningMesh;
before(async () => {
  mesh = await startMesh({ countsMessages: true, config: { 'sluice:minimumBackoff': '0s' } });
  mesh.put(good());
  assert.equal((await mesh.tick()).outcome, 'published');
});
after(() => mesh.close());

const sluice = (...words: readonly string[]): Promise<Ended> =>
  run('sluice', '--data', mesh.folders.data, '--json', ...words);

async function message(...words: readonly string[]): Promise<Record<string, string>> {
  const { code, stdout, stderr } = await sluice(...words);
  assert.equal(code, 0, stdout + stderr);
  return JSON.parse(stdout) as Record<string, string>;
}

async function rows(...words: readonly string[]): Promise<Record<string, string>[]> {
  return (await message(...words)) as unknown as Record<string, string>[];
}

test('a command without a reason is not sent, and help says what each is for', async () => {
  const { code, stderr } = await sluice('pause');
  assert.equal(code, 1);
  assert.match(stderr, /required option '--reason <text>' not specified/);
  assert.match((await sluice('run', '--force')).stderr, /--force needs --reason/);
  assert.match(
    (await sluice('run')).stderr,
    /expected the id of a run, or --force for a new one\nTo list the runs: npm run sluice -- /,
  );
  const { stdout } = await sluice('--help');
  for (const verb of [
    'pipelines',
    'pause',
    'resume',
    'cancel',
    'hold',
    'release',
    'audit',
    'dead-letters',
    'run',
    'log',
  ]) {
    assert.match(stdout, new RegExp(`^  ${verb} .*[a-z]{3}`, 'm'), verb);
  }
  assert.match(
    (await sluice('help', 'cancel')).stdout,
    /waits\s+until\s+its\s+execution\s+has\s+stopped[^]*--reason <text>/,
  );
});

test('pause is shown by status, and resume ends it', async () => {
  const { result, message: what } = await message('pause', '--reason', 'the malls are being renamed');
  assert.deepEqual([result, what?.includes('carmila is paused')], ['done', true]);
  const { paused } = (await message('status')) as unknown as { paused: Record<string, string> };
  assert.partialDeepStrictEqual(paused, { by: 'operator@local', reason: 'the malls are being renamed' });
  assert.match((await sluice('pipelines')).stdout, /paused/);
  const again = await sluice('pause', '--reason', 'twice');
  assert.equal(again.code, 1, 'a refused command ends with 1');
  assert.match(again.stdout, /is paused already/);
  await message('resume', '--reason', 'done');
  assert.equal((await message('status')).paused, null);
});

test('what a person types is checked before it is sent', async () => {
  assert.match((await sluice('cancel', '../../head', '--reason', 'x')).stderr, /expected a run id/);
  assert.match((await sluice('pause', '--reason', 'x', '--command', '../x')).stderr, /expected a command id/);
  assert.match((await sluice('dead-letters', 'drop', '--reason', 'x')).stderr, /or --all/);
  const finish = ['dead-letters', 'drop', '7', '--reason', 'x', '--command', '20260105T000000Z-test'];
  assert.match((await sluice(...finish)).stderr, /expected its --subscription and all its ids/);
  assert.match((await sluice('cancel', '000099-0123abcd', '--reason', 'x')).stdout, /There is no run/);
});

test('dead letters are listed, shown and dropped', async () => {
  const options = { projectId: LOCAL_PROJECT, apiEndpoint: new URL(mesh.cloud.endpoint).host };
  // REST (`fallback`, which the client reads and its type leaves out), as the mesh itself publishes.
  const topic = new PubSub({ ...options, ...{ fallback: true, protocol: 'http' } }).topic('run-requested');
  await topic.publishMessage({ data: Buffer.from('{"pipeline":"carmila"}') });
  const [deadLetter] = await mesh.until('the dead letter', async () => {
    const listed = await rows('dead-letters', 'list');
    return listed.length > 0 ? listed : undefined;
  });
  assert.match(deadLetter?.reason ?? '', /start-run: the message .* has the wrong form: run: /);
  assert.deepEqual(await rows('--pipeline', 'carmila', 'dead-letters', 'list', '--older-than', '1d'), []);
  const shown = await message('dead-letters', 'show', deadLetter?.id ?? '');
  assert.deepEqual([shown.data, shown.pipeline, shown.run], ['{"pipeline":"carmila"}', 'carmila', null]);
  const dropped = await message('dead-letters', 'drop', '--all', '--reason', 'a typing error');
  assert.equal(dropped.message, `Deleted: ${deadLetter?.id}.`);
  assert.deepEqual(await rows('dead-letters', 'list'), []);
});

test('audit lists who sent which command, when, why, and its result', async () => {
  const entries = (await message('audit')) as unknown as {
    readonly by: string;
    readonly command: Readonly<Record<'verb' | 'reason', string>>;
    readonly result: Readonly<Record<'result' | 'message', string>>;
  }[];
  assert.deepEqual(
    entries.map(({ command, by }) => `${command.verb} ${by} ${command.reason}`),
    [
      'drop operator@local a typing error',
      'cancel operator@local x',
      'resume operator@local done',
      'pause operator@local twice',
      'pause operator@local the malls are being renamed',
    ],
  );
  assert.equal(entries[3]?.result.result, 'refused');
  assert.match(entries[3]?.result.message ?? '', /^carmila is paused already/);
});

test('the JSON of each verb has the keys that docs/CLI.md lists, and no other', async () => {
  const { run = '' } = (await message('run', '--force', '--reason', 'for its keys')) as { run?: string };
  await mesh.until('the run to end', async () => (await mesh.newestRun()).outcome);
  const printed: Readonly<Record<string, Record<string, unknown> | undefined>> = {
    pipelines: (await rows('pipelines'))[0],
    status: await message('status'),
    runs: (await rows('runs'))[0],
    run: await message('run', run),
    log: await message('log', run),
    trace: await message('trace', run),
    report: await message('report', run, '--out', join(mesh.folders.data, 'report.html')),
    verify: await message('verify', 'carmila'),
    audit: (await rows('audit'))[0],
    pause: await message('pause', '--reason', 'for its keys'),
    resume: await message('resume', '--reason', 'for its keys'),
    replay: await message('replay', run),
    'replay --yes': await message('replay', run, '--yes', '--reason', 'for its keys'),
  };
  for (const [verb, found] of Object.entries(printed))
    assert.deepEqual(Object.keys(found ?? {}).toSorted(), documentedKeys(verb).toSorted(), verb);
});
