// The mesh with its functions as they are deployed: each from its bundle, with no library installed beside it.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { buildFunctions } from '../built.ts';
import { good } from '../folders.ts';
import { startMesh, TABLE, type RunningMesh } from '../start-mesh.ts';

const folder = mkdtempSync(join(tmpdir(), 'bundles-'));
let names: readonly string[];
let mesh: RunningMesh;
before(async () => {
  names = await buildFunctions(folder);
  mesh = await startMesh({ config: { 'sluice:functionsFolder': folder } });
});
after(async () => {
  await mesh.close();
  rmSync(folder, { recursive: true, force: true });
});

test('no library is in reach of a bundle: only the command that starts it is installed', () => {
  for (const name of names) {
    const modules = join(folder, name, 'node_modules');
    assert.deepEqual(readdirSync(join(modules, '@google-cloud')), ['functions-framework']);
    assert.ok(existsSync(join(folder, name, 'function.cjs.cache')), `${name} has no compile cache`);
    assert.deepEqual(readdirSync(modules).sort(), ['.bin', '.package-lock.json', '@google-cloud']);
  }
  for (let above = folder; above !== dirname(above); above = dirname(above)) {
    assert.ok(!existsSync(join(above, 'node_modules')), `${above} has libraries`);
  }
});

test('the bundles carry one change to publication', async () => {
  mesh.put(good());
  const report = await mesh.tick();
  assert.equal(report.outcome, 'published', report.reason);
  const [row] = await mesh.query(`SELECT COUNT(*) AS rows_published FROM ${TABLE}`);
  assert.ok(Number(row?.['rows_published']) > 0);
  assert.equal((await mesh.tick()).outcome, 'no-change');
  assert.equal(await mesh.fire('sweep'), 200);
});

test('each start of a bundle took its compile cache', () => {
  assert.deepEqual(
    mesh.logLines.filter((line) => line.includes('compile cache')),
    [],
  );
});

test('a bundle speaks of every pipeline, and of every function of the mesh there is a bundle', () => {
  const pipelines = readdirSync(new URL('../../../pipelines/', import.meta.url));
  for (const name of names) {
    const bundle = readFileSync(join(folder, name, 'function.cjs'), 'utf8');
    for (const pipeline of pipelines)
      assert.ok(bundle.includes(JSON.stringify(pipeline.replace('.ts', ''))), `${name}: ${pipeline}`);
  }
  const deployed = readdirSync(new URL('../../../functions/', import.meta.url)).sort();
  assert.deepEqual(names, deployed);
});
