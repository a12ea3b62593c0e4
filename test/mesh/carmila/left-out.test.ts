// Files that a run leaves out: named by the poll, in status, in the run and in its report; a lost year makes no run.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { LOCAL_PROJECT, REGION } from '../../../cli/local-mesh.ts';
import { statusOf } from '../../../cli/actions/status.ts';
import type { Target } from '../../../cli/target.ts';
import { carmila } from '../../../pipelines/carmila.ts';
import { outputFolder } from '../../../shared/runs/names.ts';
import { date } from '../../jobs/forecast/folder.ts';
import { FLUX, fluxOf, good, withVisitors } from '../folders.ts';
import { startMesh, type Folder, type RunningMesh } from '../start-mesh.ts';
import { done, refused } from '../operator-commands.ts';

const Y2024 = '2024 flux quotidiens.xlsx';
const year = (number: number) =>
  fluxOf(['A1', date(`${number}-01-01`), 5], ['A2', date(`${number}-01-01`), 6]);
const COPY = '2025 flux quotidiens (1).xlsx';
const COPY_NOTE = `${COPY} matches no role; did you mean ${FLUX}?`;

let mesh: RunningMesh;
before(async () => (mesh = await startMesh()));
after(() => mesh.close());

async function shownStatus() {
  const google = { GOOGLE_CLOUD_PROJECT: LOCAL_PROJECT, REGION, GOOGLE_API_ENDPOINT: mesh.cloud.endpoint };
  return statusOf({ config: { ...google, WAREHOUSE_LOCATION: 'EU' } } as unknown as Target, carmila);
}

async function outputOf(run: string, name: string): Promise<string> {
  const object = `${outputFolder(carmila.name, run, 1)}${name}`;
  return (await mesh.results.readText(object, 64 * 1024 * 1024))?.text ?? '';
}

test('a year in another letter case is read; copies and misspelt years are named wherever people look', async () => {
  const odd: Folder = {
    [`2022 flux quotidiens .xlsx`]: year(2022),
    '2023 flux quotidiens.XLSX': year(2023),
    '2024 Flux quotidiens.xlsx': year(2024),
    [COPY]: year(2025),
  };
  mesh.put({ ...good(), ...odd });
  const report = await mesh.tick();
  assert.equal(report.outcome, 'published', report.reason);
  const run = await mesh.newestRun();
  const read = run.request.snapshot.map(({ name }) => name);
  for (const name of [FLUX, '2023 flux quotidiens.XLSX', '2024 Flux quotidiens.xlsx'])
    assert.ok(read.includes(name), name);
  const notes = [
    /^2022 flux quotidiens \.xlsx matches no role; did you mean 2022 flux quotidiens\.xlsx\?$/,
    /^2025 flux quotidiens \(1\)\.xlsx matches no role/,
  ];
  const all = (found: unknown) => {
    assert.ok(Array.isArray(found) && found.length === notes.length, JSON.stringify(found));
    for (const [index, note] of notes.entries()) assert.match(String(found[index]).replace(/\.$/, ''), note);
  };
  all(run.request.notes);
  all(run.input?.notes);
  const metrics = JSON.parse(await outputOf(run.run, 'metrics.json')) as { notes: { text: string }[] };
  all(metrics.notes.slice(0, 2).map(({ text }) => text));
  all((await shownStatus()).notes);
  const page = await outputOf(run.run, 'report.html');
  assert.ok(page.includes(COPY_NOTE), 'the report names the copy');
  await mesh.logged(/detect-changes: .*requested\. 2022 flux quotidiens \.xlsx matches no role/);
});

test('a year that disappears makes no run, and a forced run is made without it and says so', async () => {
  mesh.put({ ...good(), [Y2024]: year(2024) });
  await done(mesh, { verb: 'run' });
  await mesh.until('the first publication', async () =>
    (await mesh.newestRun()).outcome?.outcome === 'published' ? true : undefined,
  );
  const before = await mesh.published();
  mesh.put({ ...withVisitors(7), [`~$${Y2024}`]: Buffer.from('owner') });
  const waiting = await mesh.tick();
  assert.equal(waiting.outcome, 'waiting-incomplete');
  assert.match(
    waiting.reason,
    /used 2024 flux quotidiens\.xlsx, and the source no longer holds it.*run --force/,
  );
  assert.match(String((await shownStatus()).lastPoll?.reason), /2024 flux quotidiens\.xlsx/);
  assert.equal(await mesh.published(), before);

  const { message, run } = await done(mesh, { verb: 'run' });
  assert.match(message, /left out, accepted by/);
  const ended = await mesh.until('the end of the forced run', async () => (await mesh.newestRun()).outcome);
  assert.deepEqual([ended.run, ended.outcome], [run, 'published'], ended.reason);
  assert.match(await outputOf(run ?? '', 'report.html'), /used 2024 flux quotidiens\.xlsx.*left out/);
});

test('a flagged file ends its run at once, with its name and the cause', async () => {
  mesh.put({ ...withVisitors(9), [`.flagged/2023 flux quotidiens.xlsx`]: year(2023) });
  const report = await mesh.tick();
  assert.equal(report.outcome, 'failed');
  assert.match(report.reason, /^"2023 flux quotidiens\.xlsx" cannot be read.*flagged it as malware/);
});

test('a needed file whose download is disabled waits by its name, and no force helps', async () => {
  const { [FLUX]: flux = Buffer.alloc(0), ...others } = withVisitors(11);
  mesh.put({ ...others, [`.no-download/${FLUX}`]: flux });
  const report = await mesh.tick();
  assert.equal(report.outcome, 'waiting-incomplete');
  assert.match(report.reason, /^2025 flux quotidiens\.xlsx cannot be downloaded by the mesh's account/);
  assert.match(await refused(mesh, { verb: 'run' }), /cannot be downloaded/);
});
