// Shrinks a failing seed: decisions are left out, half of them, then fewer, for as long as the same law breaks.
import type { SeedResult } from './seed.ts';
import type { WorldName } from './worlds.ts';

// Each takes some tens of milliseconds.
const MOST_MESHES = 400;

export interface Shrunken {
  readonly result: SeedResult;
  readonly without: ReadonlySet<string>;
}

/** The smallest set of decisions found that breaks the law of `failed` too; `live` runs the seed with one. */
export async function shrink(
  failed: SeedResult,
  live: (without: ReadonlySet<string>) => Promise<SeedResult>,
): Promise<Shrunken> {
  let smallest: Shrunken = { result: failed, without: new Set() };
  let meshes = 0;
  let size = Math.ceil(failed.decisions.length / 2);
  while (size >= 1 && meshes < MOST_MESHES) {
    let hasShrunk = false;
    for (let at = 0; at < smallest.result.decisions.length && meshes < MOST_MESHES;) {
      const keys = smallest.result.decisions.slice(at, at + size).map(({ key }) => key);
      const without = new Set([...smallest.without, ...keys]);
      const result = await live(without);
      meshes++;
      // A run without them may bring others, so it must also be smaller.
      const isSmaller = result.decisions.length < smallest.result.decisions.length;
      if (result.violation?.law === failed.violation?.law && isSmaller) {
        smallest = { result, without };
        hasShrunk = true;
      } else at += size;
    }
    if (size === 1 && !hasShrunk) break;
    size = size === 1 ? 1 : Math.ceil(size / 2);
  }
  return smallest;
}

/** The law, where it was seen broken, and what led to it. */
export function messageFor({ seed, violation, decisions }: SeedResult, world: WorldName = 'watch'): string {
  const time = (ms: number) => new Date(ms).toISOString().slice(5, 23).replace('T', ' ');
  if (violation === undefined) return `seed ${seed} holds; ${decisions.length} decisions were taken`;
  return [
    `seed ${seed} breaks a law: ${violation.law}`,
    `  ${violation.detail}`,
    `  seen at ${time(violation.atMs)}, after ${decisions.length} decisions:`,
    ...decisions.map(({ key, kind, atMs }) => `    ${time(atMs)}  ${key} [${kind}]`),
    `  to see it again: npm run simulate -- ${world === 'watch' ? '' : `--world ${world} `}--seed ${seed} --trace`,
  ].join('\n');
}
