// The keys of a verb's JSON, as docs/CLI.md lists them.
import { readFileSync } from 'node:fs';

export function documentedKeys(verb: string): readonly string[] {
  const page = readFileSync(new URL('../../docs/CLI.md', import.meta.url), 'utf8');
  const line = page
    .split('\n')
    .find((each) => each.startsWith('| ') && each.split('|')[1]?.includes(`\`${verb}\``));
  return [...(line?.split('|')[3] ?? '').matchAll(/`(\w+)`/g)].map(([, key = '']) => key);
}
