// Which files of tests there are, and which of them share a process.
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { APART } from './apart.ts';

const ROOT = fileURLToPath(new URL('../', import.meta.url));

/** The files that match a pattern; both begin at the root of the tree. */
export function filesLike(pattern: string): readonly string[] {
  const files = globSync(pattern, { cwd: ROOT });
  if (files.length === 0) throw new Error(`no file matches ${pattern}`);
  return files.toSorted();
}

export const GROUPS = filesLike('test/groups/*.ts');

/** The files that a group runs in its process: those that its text hands to `together`. */
export function filesOfGroup(group: string): readonly string[] {
  const text = readFileSync(`${ROOT}${group}`, 'utf8');
  const [, named = ''] = /^await together\(([\s\S]*?)\);$/m.exec(text) ?? [];
  const files = [...named.matchAll(/'(test\/[^']+)'/g)].flatMap(([, pattern = '']) => filesLike(pattern));
  if (files.length === 0) throw new Error(`${group} names no file`);
  return files.filter((file) => !APART.has(file));
}

/** `npm run check:units` runs these, all in one process. */
export const UNITS = filesLike('test/{architecture,unit}/**/*.test.ts');

/** Each has a process of its own. */
export function filesAlone(): readonly string[] {
  const shared = new Set([...UNITS, ...GROUPS.flatMap(filesOfGroup)]);
  return filesLike('test/**/*.test.ts').filter((file) => !shared.has(file));
}
