// Parsed statements are kept from one process to the next, and a parser of another version does not find them.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { KeptTrees } from '../../../local/bigquery/sql/kept-trees.ts';

const root = mkdtempSync(join(tmpdir(), 'kept-trees-'));
after(() => rmSync(root, { recursive: true, force: true }));
const TREE = { select: { expressions: [{ literal: { value: '1' } }] } };

test('another process finds what one has kept, and nothing of another text', () => {
  new KeptTrees(join(root, 'found', '1.0.0')).set('SELECT 1', TREE);
  const other = new KeptTrees(join(root, 'found', '1.0.0'));
  assert.deepEqual(other.get('SELECT 1'), TREE);
  assert.equal(other.get('SELECT 2'), undefined);
});

test('a file that was written half is none, and is written again', () => {
  const folder = join(root, 'half', '1.0.0');
  const kept = new KeptTrees(folder);
  kept.set('SELECT 1', TREE);
  truncateSync(join(folder, readdirSync(folder)[0]!), 10);
  assert.equal(kept.get('SELECT 1'), undefined);
  kept.set('SELECT 1', TREE);
  assert.deepEqual(kept.get('SELECT 1'), TREE);
});

test('no more than so many are kept, those of earlier processes among them', () => {
  const folder = join(root, 'many', '1.0.0');
  new KeptTrees(folder, 3).set('SELECT 1', TREE);
  const kept = new KeptTrees(folder, 3);
  for (const sql of ['SELECT 2', 'SELECT 3', 'SELECT 4']) kept.set(sql, TREE);
  assert.equal(readdirSync(folder).length, 3);
  assert.equal(kept.get('SELECT 4'), undefined);
});

test('those of another version of the parser are not found, and go', () => {
  new KeptTrees(join(root, 'versions', '1.0.0')).set('SELECT 1', TREE);
  const newer = new KeptTrees(join(root, 'versions', '2.0.0'));
  assert.equal(newer.get('SELECT 1'), undefined);
  newer.set('SELECT 1', TREE);
  assert.deepEqual(readdirSync(join(root, 'versions')), ['2.0.0']);
});

test('where nothing can be written, nothing is kept, and nothing fails', () => {
  const file = join(root, 'file');
  writeFileSync(file, '');
  const kept = new KeptTrees(join(file, '1.0.0'));
  kept.set('SELECT 1', TREE);
  assert.equal(kept.get('SELECT 1'), undefined);
});
