// The command to type next, whole: with the options that this command was given, and quoted for a shell.
import type { Command } from 'commander';
import { messageIn, type Suggestion } from './messages.ts';

const PLAIN = /^[A-Za-z0-9@%+=:,./_-]+$/;

const quoted = (word: string): string =>
  PLAIN.test(word) ? word : `"${word.replaceAll(/["\\$`]/g, (character) => `\\${character}`)}"`;

/** `npm run sluice -- --pipeline bikes release 000005-3fa9c1d2 --reason "<why>"`. */
export function commandLine(program: Command, ...words: readonly string[]): string {
  const given = program.options.flatMap((option) => {
    const name = option.attributeName();
    const isTyped = program.getOptionValueSource(name) === 'cli' && name !== 'json';
    return isTyped ? [option.long ?? '', String(program.getOptionValue(name))] : [];
  });
  return ['npm run sluice --', ...[...given, ...words].map(quoted)].join(' ');
}

/** The command that a reason suggests; `--pipeline` is in it where this command was given it, or works on another. */
export function suggestedLine(program: Command, { words, pipeline }: Suggestion): string {
  const isChosen = program.getOptionValue('pipeline') === pipeline;
  return commandLine(program, ...(isChosen ? [] : ['--pipeline', pipeline]), ...words);
}

/** An error with each command that it suggests on a line of its own. */
export const withSuggestedLines = (program: Command, error: string): string => {
  const { text, suggestions } = messageIn(error);
  const lines = suggestions.map((each) => `${each.purpose}: ${suggestedLine(program, each)}`);
  return [text, ...lines].join('\n');
};
