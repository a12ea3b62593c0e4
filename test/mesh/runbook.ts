// Reads docs/RUNBOOK.md: its sections, and the commands in each, with what stands for something filled in.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { run as runCommand } from './commands.ts';

const FILE = new URL('../../docs/RUNBOOK.md', import.meta.url);
const BLOCK = /^```sh\n([^]*?)^```$/gm;
const COMMAND = /^npm run sluice -- (.+)$/;

/** The pipeline whose mesh lives through a section. */
export type RunbookPipeline = 'carmila' | 'bikes';

export interface Section {
  readonly name: string;
  /** By its commands, which name any other than the default. */
  readonly pipeline: RunbookPipeline;
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
    return { name, pipeline: pipelineOf(name, commands), commands, prose: body.replace(BLOCK, '') };
  });
}

function pipelineOf(name: string, commands: readonly string[]): RunbookPipeline {
  const ofBikes = commands.filter((command) => /\bbikes\b/.test(command)).length;
  assert.ok(ofBikes === 0 || ofBikes === commands.length, `${name}: its commands are for several pipelines`);
  return ofBikes === 0 ? 'carmila' : 'bikes';
}

/** A mesh over this data, on which the operator on duty types. */
export interface OnDuty {
  readonly data: string;
  readonly operator: string;
}

/** The sections that were lived through; in the end all that have commands for the pipeline. */
export class Runbook {
  readonly sections = readRunbook();
  readonly #tried = new Set<string>();
  readonly #pipeline: RunbookPipeline;
  readonly #onDuty: () => OnDuty;

  constructor(pipeline: RunbookPipeline, onDuty: () => OnDuty) {
    this.#pipeline = pipeline;
    this.#onDuty = onDuty;
  }

  /** Takes the commands of a section, in order, each when the test asks for it; the last one ends the section. */
  section(name: string, given: Record<string, string> = {}) {
    const found = this.sections.find((each) => each.name === name);
    assert.ok(found, `the runbook has no section "${name}"`);
    const left = [...found.commands];
    return {
      given,
      /** Types the next commands, so many, and gives what they printed; each has to end with this code. */
      type: async (count: number, expected = 0): Promise<string> => {
        let printed = '';
        for (const command of left.splice(0, count)) {
          const { code, stdout, stderr } = await this.#run(command, given);
          assert.equal(code, expected, `${command}\n${stdout}${stderr}`);
          printed += stdout;
        }
        if (left.length === 0) this.#tried.add(name);
        return printed;
      },
    };
  }

  #run(command: string, given: Readonly<Record<string, string>>) {
    const { data, operator } = this.#onDuty();
    return runCommand('sluice', '--data', data, '--as', operator, ...messageOf(command, given));
  }

  assertAllTried(): void {
    const own = this.sections.filter(
      ({ pipeline, commands }) => pipeline === this.#pipeline && commands.length > 0,
    );
    assert.deepEqual([...this.#tried].sort(), own.map(({ name }) => name).toSorted());
  }
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
