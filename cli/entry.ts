// How every command begins and ends: a failure is one sentence on stderr, an exit code, and never a raw stack.
import { CommanderError, type Command } from 'commander';
import { writeForOwnerOnly } from '../local/state/private-folder.ts';
import type { ErrorCode } from '../shared/error-codes.ts';
import { codeOf } from '../shared/errors.ts';
import { sentenceOf } from './sentence.ts';
import { writeLine } from './terminal.ts';

/** As a shell says of a program that a broken pipe has ended. */
const BROKEN_PIPE_CODE = 141;

export interface Entry {
  /** Prints what a program that reads this command's output needs of its failure. */
  readonly failed?: (sentence: string, code: ErrorCode) => void;
  /** The sentence as people read it. */
  readonly shown?: (sentence: string) => string;
  /** Called when stdout has no reader any more; ends the process when absent. */
  readonly pipeBroken?: () => void;
}

/** Has the command, and every one added to it later, throw what is wrong with its words in place of printing it. */
export const throwing = (command: Command): Command =>
  command.exitOverride().configureOutput({ outputError: () => undefined });

/** Runs a command to its end. `process.exitCode` is 1 when `work` threw. */
export async function enter(work: () => Promise<void>, entry: Entry = {}): Promise<void> {
  // The sample is made before the mesh is opened.
  writeForOwnerOnly();
  watchPipes(entry);
  // What fails beside the work, such as a write that is not awaited, ends the command as well.
  process.on('uncaughtException', (error) => {
    fail(error, entry);
    process.exit(1);
  });
  try {
    await work();
  } catch (error) {
    fail(error, entry);
  }
}

function watchPipes({ pipeBroken = () => process.exit(BROKEN_PIPE_CODE) }: Entry): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exitCode = BROKEN_PIPE_CODE;
    pipeBroken();
  });
  // There is nowhere left to say it.
  process.stderr.on('error', () => undefined);
}

function fail(error: unknown, { failed, shown = (sentence) => sentence }: Entry): void {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode;
    // Help was asked for, and has been printed.
    if (error.code.startsWith('commander.help') || error.code === 'commander.version') return;
  } else process.exitCode = 1;
  const sentence = messageOf(error);
  writeLine(process.stderr, shown(sentence));
  failed?.(sentence, error instanceof CommanderError ? 'CONFIGURATION_INVALID' : codeOf(error));
}

function messageOf(error: unknown): string {
  if (!(error instanceof CommanderError)) return sentenceOf(error);
  const complaint = error.message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' ');
  return `${complaint.replace(/\.$/, '')}; --help lists what is accepted`;
}
