// The bundle of the console has the script of its pages and what the infra program deploys, and neither bundler, program
// nor what draws: that is a file of its own.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { bundleFunction } from '../../build/source.ts';
import { clientScript } from '../../functions/console/client.ts';
import * as sources from '../../functions/console/later/forecast-drawing.ts';

type Drawing = typeof sources;

const DAYS = [100, 110, 120];
const FORECAST = {
  kind: 'files',
  index: { firstDay: '2025-01-01', tableFrom: '2025-01-01', lastActual: '2025-01-02', lastDay: '2025-01-03' },
} as unknown as Parameters<Drawing['forecastDrawing']>[0];
const SERIES = {
  name: 'Évry',
  days: { predicted: DAYS, lower: DAYS, upper: DAYS, actual: [100, 90], lastYear: DAYS },
  weeks: [],
} as unknown as Parameters<Drawing['forecastDrawing']>[1];
const AS = { kind: 'recent', size: 'wide', theme: 'light', language: 'fr' } as const;

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

test('no start reads what draws: the first picture loads it, and it draws as the sources do', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'console-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  await bundleFunction('console', folder);
  const bundle = readFileSync(join(folder, 'function.cjs'), 'utf8');
  assert.ok(bundle.includes('require("./later/forecast-drawing.cjs")'));
  assert.ok(!bundle.includes('renderToSVGString'));
  const part = createRequire(import.meta.url)(join(folder, 'later/forecast-drawing.cjs')) as Drawing;
  const drawn = [part, sources].map(({ forecastDrawing }) => forecastDrawing(FORECAST, SERIES, AS));
  assert.match(drawn[0] ?? '', /^<svg[\s\S]*Évry[\s\S]*<\/svg>/);
  assert.equal(drawn[0], drawn[1]);
});
