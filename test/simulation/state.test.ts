// A state whose statements are prepared once gives the rows that SQLite gives.
import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { memoryState, State } from '../../local/state/state.ts';
import { openState } from './state.ts';

function answers(state: State): unknown {
  state.sql.exec(`CREATE TABLE jobs (name TEXT, rank INTEGER) STRICT;
    INSERT INTO jobs VALUES ('a/1', 1), ('a/2', 2), ('b/1', 3), ('a*', 4)`);
  const limited = (limit: number) =>
    state.sql.prepare('SELECT name FROM jobs WHERE rank > ? ORDER BY rank LIMIT ?').all(1, limit);
  const paged = state.sql.prepare('SELECT name FROM jobs ORDER BY rank LIMIT ?1 OFFSET ?2').all(2, 1);
  const matched = (pattern: string) =>
    state.sql.prepare('SELECT name FROM jobs WHERE name GLOB ? ORDER BY rank').all(pattern);
  const found = [...[-1, 0, 1, 2, 9].map(limited), paged, ...['a/*', 'b/1', '*', 'c'].map(matched)];
  assert.throws(() =>
    state.transaction(() => {
      state.sql.prepare('DELETE FROM jobs').run();
      throw new Error('rolled back');
    }),
  );
  state.transaction(() => state.sql.prepare('DELETE FROM jobs WHERE rank = ?').run(1));
  return [...found, limited(9)];
}

test('statements that are prepared once answer as ordinary ones do', () => {
  const ordinary = answers(new State(new DatabaseSync(':memory:')));
  for (const state of [memoryState(), openState()]) assert.deepEqual(answers(state), ordinary);
});

test('a closed state begins anew: no rows, and counters from 1', () => {
  const made = (): unknown => {
    const state = openState();
    state.sql.exec(
      'CREATE TABLE IF NOT EXISTS runs (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE)',
    );
    state.sql.exec('CREATE TABLE IF NOT EXISTS steps (run TEXT REFERENCES runs (name))');
    const { lastInsertRowid } = state.sql.prepare('INSERT INTO runs (name) VALUES (?)').run('000001');
    state.sql.prepare('INSERT INTO steps VALUES (?)').run('000001');
    state.close();
    return lastInsertRowid;
  };
  assert.equal(made(), 1);
  assert.equal(made(), 1);
});
