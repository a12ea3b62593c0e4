// The words of every screen in French: the signs that stand apart do so with spaces that no line breaks at.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';

/** It holds no words, and finds them. */
const FINDS = 'problems/in-french.ts';
const FOLDER = new URL('../../../functions/console/words/', import.meta.url);
const BREAKING = / [:;!?%»]|« |\d \d{3}/;

/** As a count, a name or a day. */
const GIVEN = '2026-11-27';

/** Texts, and what functions make of what they are given. */
function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'function')
    return textsIn((value as (...given: unknown[]) => unknown)(GIVEN, GIVEN, GIVEN, GIVEN));
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** The French part of what a file exports, however deep it stands. */
function frenchIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  const { fr, ...rest } = value as { fr?: unknown };
  return [...textsIn(fr), ...Object.values(rest).flatMap(frenchIn)];
}

test('no French text has a breaking space before a sign, or within a number', async () => {
  const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && name !== FINDS,
  );
  let count = 0;
  for (const file of files) {
    const exported = (await import(new URL(file, FOLDER).href)) as Readonly<Record<string, unknown>>;
    // These hold French alone.
    const isFrench = file === 'french.ts' || file.startsWith('problems/');
    const texts = isFrench ? textsIn(exported) : frenchIn({ ...exported });
    for (const text of texts) assert.doesNotMatch(text, BREAKING, `${file}: ${text}`);
    count += texts.length;
  }
  assert.ok(count > 500, `${count} texts`);
});
