// The commands as their users run them: npm start, npm run query, npm run sluice, over a running mesh and a stopped one.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { LOCAL_PROJECT, REGION } from '../../../cli/local-mesh.ts';
import { runningMesh } from '../../../cli/running.ts';
import { until } from '../../waiting.ts';
import { begin, lastLine, run, type Running } from '../commands.ts';
import { deliveries } from '../deliveries.ts';
import { good, GOOD_ROWS, withFlux, withVisitors } from '../folders.ts';
import type { Folder } from '../start-mesh.ts';

const root = mkdtempSync(join(tmpdir(), 'commands-'));
const [drive, data] = [join(root, 'drive'), join(root, 'data')];
const over = ['--drive', drive, '--data', data];
const on = ['--data', data];
after(() => rmSync(root, { recursive: true, force: true }));

function put(folder: Folder): void {
  mkdirSync(drive, { recursive: true });
  for (const [name, bytes] of Object.entries(folder)) writeFileSync(join(drive, name), bytes);
}

const visitors = `SELECT MAX(donnees_reelles) AS most FROM carmila_data.predictions_carmila WHERE nom_mall = 'Évry'`;
const FIELDS = ['pipeline', 'run', 'outcome', 'code', 'reason', 'rows', 'table', 'published', 'seconds'];

test('start over a folder that is not there ends with 1, and its last line says why', async () => {
  const ended = await run('start', '--drive', join(root, 'nowhere'), ...on, '--once');
  assert.equal(ended.code, 1);
  const { outcome, reason } = lastLine(ended);
  assert.equal(outcome, 'failed');
  assert.match(String(reason), /nowhere does not exist/);
});

test('sluice and query before anything has run say what to do first', async () => {
  for (const command of [run('sluice', ...on, 'status'), run('query', ...on, 'SELECT 1')]) {
    const { code, stderr } = await command;
    assert.equal(code, 1);
    assert.match(stderr, /nothing has run over .* yet; run npm start first/);
  }
});

/** A run's trace in plain text, from its poll to its publication. */
function assertTree(text: string, id: string): void {
  const lines = text.split('\n');
  const first = lines.findIndex((line) =>
    new RegExp(`^run ${id} .* published, ${GOOD_ROWS} rows$`).test(line),
  );
  assert.notEqual(first, -1, text);
  const names = lines.slice(first + 1).map((line) => /^[├└│ ]+(\S+)/.exec(line)?.[1]);
  for (const name of [
    'poll',
    'request',
    'freeze',
    'submit',
    'execute',
    'forecast',
    'stage',
    'check',
    'publish',
  ])
    assert.ok(names.includes(name), `${name} is missing from:\n${text}`);
}

test('start waits for a folder that was just copied to settle, publishes it, and ends with 0', async () => {
  put(good());
  const ended = await run('start', ...over, '--once', '--trace');
  assert.equal(ended.code, 0, ended.stdout + ended.stderr);
  const report = lastLine(ended);
  assertTree(ended.stdout, String(report.run));
  assert.deepEqual(Object.keys(report), FIELDS);
  const { seconds, run: id, reason, ...rest } = report;
  assert.deepEqual(rest, {
    pipeline: 'carmila',
    outcome: 'published',
    code: null,
    rows: GOOD_ROWS,
    table: 'carmila_data.predictions_carmila',
    published: ['carmila_data.predictions_carmila', 'carmila_data.predictions_carmila_intervals'],
  });
  assert.match(String(id), /^000001-[0-9a-f]{8}$/);
  assert.match(String(reason), /172 rows are in carmila_data\.predictions_carmila/);
  const steps = seconds as Record<string, unknown>;
  for (const step of ['request', 'freeze', 'execute', 'publish', 'mesh']) {
    assert.equal(typeof steps[step], 'number', `seconds.${step}`);
  }
});

test('sluice trace draws a run once more, and for a project says where Google shows it', async () => {
  const [newest] = JSON.parse((await run('sluice', ...on, '--json', 'runs')).stdout) as { run: string }[];
  const id = newest?.run ?? '';
  const drawn = await run('sluice', ...on, 'trace', id);
  assert.equal(drawn.code, 0, drawn.stderr);
  assertTree(drawn.stdout, id);
  const { stdout } = await run('sluice', '--project', 'my-project', 'trace', id);
  assert.match(
    stdout,
    /^https:\/\/console\.cloud\.google\.com\/traces\/explorer;traceId=[0-9a-f]{32}\?project=my-project\n$/,
  );
  const unknown = await run('sluice', ...on, 'trace', '000099-3fa9c1d2');
  assert.deepEqual(
    [unknown.code, unknown.stderr],
    [
      1,
      `There is no trace of run 000099-3fa9c1d2 of carmila.\nTo list the runs: npm run sluice -- ${on.join(' ')} runs\n`,
    ],
  );
});

test('a second start over the unchanged folder is no-change, and ends with 0', async () => {
  const ended = await run('start', ...over, '--once');
  assert.equal(ended.code, 0, ended.stdout + ended.stderr);
  const report = lastLine(ended);
  assert.deepEqual(Object.keys(report), FIELDS);
  assert.equal(report.outcome, 'no-change');
});

test('start over a bad folder ends with 1, and its reason names the place', async () => {
  put(withFlux(['A1', '2025-01-01', 'fermé']));
  const ended = await run('start', ...over, '--once');
  assert.equal(ended.code, 1);
  const { outcome, reason, rows } = lastLine(ended);
  assert.deepEqual([outcome, rows], ['failed', null]);
  assert.match(
    String(reason),
    /2025 flux quotidiens\.xlsx, sheet "Feuil1", row 2, column C: found the text "fermé"/,
  );
});

test('over a stopped mesh, the operator lists the runs, asks the table, and replays', async () => {
  const runs = JSON.parse((await run('sluice', ...on, '--json', 'runs')).stdout) as Record<string, string>[];
  assert.deepEqual(
    runs.map(({ status }) => status),
    ['failed', 'published'],
  );
  const rows = await run('query', ...on, visitors);
  assert.deepEqual(JSON.parse(rows.stdout), { most: 100 });
  const unasked = await run('sluice', ...on, 'replay', runs[1]?.run ?? '', '--yes');
  assert.match(unasked.stderr, /--yes needs --reason/);
  const yes = ['--yes', '--reason', 'it was asked for'];
  const replayed = await run('sluice', ...on, '--json', 'replay', runs[1]?.run ?? '', ...yes);
  assert.equal(replayed.code, 0, replayed.stderr);
  assert.equal((JSON.parse(replayed.stdout) as Record<string, string>).outcome, 'published');

  const id = runs[1]?.run ?? '';
  const polled = await run('sluice', ...on, 'replay', id, '--plan');
  assert.equal(polled.code, 0, polled.stderr);
  assert.match(
    polled.stdout,
    /carmila_data\.predictions_carmila: 0 added, 0 removed, 0 changed \(172 rows now, 172 then\)/,
  );
  const [, hash = ''] = /--apply ([0-9a-f]{16}) --reason "<why>"$/.exec(polled.stdout.trim()) ?? [];
  const apply = ['--json', 'replay', id, '--apply', hash, '--reason', 'a test'];
  const applied = await run('sluice', ...on, ...apply);
  assert.equal(applied.code, 0, applied.stdout + applied.stderr);
  const refused = await run('sluice', ...on, ...apply);
  assert.equal(refused.code, 1);
  assert.match(String(lastLine(refused).reason), /is outdated: .* Nothing changed/);
  const sql = `SELECT replayed_by, replay_reason, cause_kind FROM sluice.publications ORDER BY ordinal DESC LIMIT 1`;
  const entry = JSON.parse((await run('query', ...on, sql)).stdout) as Record<string, string>;
  assert.deepEqual([entry.replay_reason, entry.cause_kind], ['a test', 'schedule']);
  assert.match(entry.replayed_by ?? '', /@/);
  const nothing = await run('sluice', ...on, 'rollback', 'carmila');
  assert.equal(nothing.code, 1);
  assert.match(
    nothing.stderr,
    /nothing to roll carmila back to: only run 000001-[0-9a-f]{8} was ever published/,
  );
  const verification = await run('sluice', ...on, 'verify', 'carmila');
  assert.equal(verification.code, 0, verification.stdout);
  assert.match(verification.stdout, /Check passed for carmila: .*\n {2}3 accepted outputs, 3 publications/);

  const reported = await run('sluice', ...on, 'report', runs[1]?.run ?? '');
  const file = /^Wrote (\S+carmila-\S+\/report\.html)$/m.exec(reported.stdout)?.[1] ?? 'nothing';
  assert.ok(file.startsWith(join(data, 'reports')), file);
  assert.match(readFileSync(file, 'utf8'), /^<!doctype html>/i);
  const second = join(root, 'rapport.html');
  const french = ['--language', 'fr', '--out', second];
  assert.equal((await run('sluice', ...on, 'report', runs[1]?.run ?? '', ...french)).code, 0);
  assert.match(readFileSync(second, 'utf8'), /<html lang="fr">/);
  assert.match((await run('sluice', ...on, 'report', '../../etc')).stderr, /is not a run id/);
});

test('start stays: an edited workbook leads to new rows, commands find the running mesh, Ctrl-C ends it', async () => {
  const mesh = begin('start', ...over);
  try {
    await printed(mesh, /watching .* Ctrl-C ends/);
    put(withVisitors(4321));
    await printed(mesh, /published: 172 rows are in /);
    assert.deepEqual(JSON.parse((await run('query', ...on, visitors)).stdout), { most: 4321 });

    const status = await run('sluice', ...on, 'status');
    assert.equal(status.code, 0, status.stderr);
    const [, newest = ''] = /Published .*run (000003-[0-9a-f]{8}), 172 rows/.exec(status.stdout) ?? [];
    const whole = await run('sluice', ...on, 'run', newest);
    assert.match(whole.stdout, /Transco\.xlsx \(transco, \d+ bytes\)/, status.stdout);

    const why = ['--reason', 'the model was mended'];
    const back = await run('sluice', ...on, '--json', 'rollback', 'carmila');
    assert.equal(back.code, 0, back.stderr);
    const { hash, run: older } = JSON.parse(back.stdout) as Record<string, string>;
    assert.match(older ?? '', /^000001-/);
    const rolled = await run('sluice', ...on, '--json', 'rollback', 'carmila', '--apply', hash ?? '', ...why);
    assert.equal(rolled.code, 0, rolled.stdout + rolled.stderr);
    assert.deepEqual(JSON.parse((await run('query', ...on, visitors)).stdout), { most: 100 });

    const missing = await run('sluice', ...on, 'run', '000099-0123abcd');
    assert.equal(missing.code, 1);
    assert.match(missing.stderr, /There is no run 000099-0123abcd of carmila/);
    const nonsense = await run('query', ...on, 'SELECT nonsense FROM carmila_data.predictions_carmila');
    assert.equal(nonsense.code, 1);
    assert.match(nonsense.stderr, /nonsense/);
    const second = await run('start', ...over, '--once');
    assert.equal(second.code, 1);
    assert.match(String(lastLine(second).reason), /a mesh is running over .* already/);

    const tick = await run('sluice', ...on, '--json', 'tick');
    assert.match(tick.stdout, /"outcome":"no-change"/);
    const forced = await run('sluice', ...on, '--json', 'run', '--force', ...why);
    const { result, run: id } = JSON.parse(forced.stdout) as Record<string, string>;
    assert.equal(result, 'done', `of a folder that is as it was: ${forced.stderr}`);
    assert.match(id ?? '', /^000004-/);
    await printed(
      mesh,
      /carmila-forecast .*wrote 172 rows[^]*published: 172 rows[^]*wrote 172 rows[^]*publish-output .*published/,
    );
  } finally {
    mesh.child.kill('SIGINT');
  }
  const ended = await mesh.ended;
  assert.equal(ended.code, 0, ended.stderr);
  assert.equal(lastLine(ended).outcome, 'published');
});

async function printed({ stdout, ended }: Running, expected: RegExp): Promise<void> {
  let over = false;
  void ended.then(() => (over = true));
  const never = () => `${expected} to be printed:\n${stdout()}`;
  const poll = (): true | undefined => {
    if (expected.test(stdout())) return true;
    return over ? assert.fail(`the command ended before ${never()}`) : undefined;
  };
  await until(never, poll, deliveries === 'never' ? sweep : undefined);
}

/** Runs the sweep's schedule, as `gcloud scheduler jobs run sweep` does. */
async function sweep(): Promise<void> {
  const mesh = runningMesh(data);
  const schedule = `projects/${LOCAL_PROJECT}/locations/${REGION}/jobs/sweep`;
  if (mesh !== undefined) await fetch(`${mesh.endpoint}/v1/${schedule}:run`, { method: 'POST' });
}
