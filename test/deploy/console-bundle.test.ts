// The bundle of the console has the script of its pages and what the infra program deploys, and neither bundler nor program.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { bundleFunction } from '../../build/source.ts';
import { clientScript } from '../../functions/console/client.ts';

test('the bundle holds the same script that the sources make, and does not make it', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'console-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const { sizeBytes } = await bundleFunction('console', folder);
  const bundle = readFileSync(join(folder, 'function.cjs'), 'utf8');
  assert.ok(clientScript.includes('createPolicy'), 'the script is bundled at all');
  // The bundler may quote it in another way.
  const unquoted = (text: string) => text.replaceAll(/[\\`'"\n$]/g, '');
  assert.ok(unquoted(bundle).includes(unquoted(clientScript)));
  assert.ok(!/require\(["']esbuild["']\)/.test(bundle));
  // The description of the infra program, with the map and the rights; the program itself is not there.
  assert.ok(bundle.includes('carmila-forecast-startRun-starts'));
  assert.ok(!bundle.includes('@pulumi'));
  assert.ok(!/infra\/describe/.test(bundle));
  assert.ok(sizeBytes < 5_000_000, `${sizeBytes} bytes`);
});
