// Reads docs/RUNBOOK.md: its sections, and the commands in each, with what stands for something filled in.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

const FILE = new URL('../../docs/RUNBOOK.md', import.meta.url);
const BLOCK = /^```sh\n([^]*?)^```$/gm;
const COMMAND = /^npm run sluice -- (.+)$/;

export interface Section {
  readonly name: string;
  /** What follows `npm run sluice --`, line by line, as it is written there. */
  readonly commands: readonly string[];
  readonly prose: string;
}

/** Throws when a block holds anything but commands of `sluice`: what cannot be tried here must not stand there. */
export function readRunbook(): readonly Section[] {
  const [, ...sections] = readFileSync(FILE, 'utf8').split(/^## /m);
  return sections.map((text) => {
    const [name = '', ...rest] = text.split('\n');
    const body = rest.join('\n');
    const lines = [...body.matchAll(BLOCK)].flatMap(([, block = '']) => block.trim().split('\n'));
    const commands = lines.map((line) => {
      const words = COMMAND.exec(line)?.[1];
      assert.ok(words, `${name}: "${line}" is no command that is tried here`);
      return words;
    });
    return { name, commands, prose: body.replace(BLOCK, '') };
  });
}

/** The words of a command as a shell splits them; `<run>` becomes what `given` says for `run`. */
export function messageOf(command: string, given: Readonly<Record<string, string>>): readonly string[] {
  const words = [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare = '']) => quoted ?? bare);
  return words.map((word) =>
    word.replace(/^<(\w+)>$/, (_, name: string) => {
      const value = given[name];
      assert.ok(value, `${command}: nothing is given for <${name}>`);
      return value;
    }),
  );
}
