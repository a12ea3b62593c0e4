// Text below a verb's options: its paragraphs fit the terminal; its commands stay whole, to be copied.
import { Help } from 'commander';

const DEFAULT_WIDTH = 80;

/** Lines of one paragraph are joined and broken again; an indented line is a command. */
export const helpText =
  (text: string, width = () => process.stdout.columns || DEFAULT_WIDTH) =>
  (): string =>
    `\n${text
      .trim()
      .split('\n\n')
      .map((part) => (part.startsWith(' ') ? part : new Help().boxWrap(joined(part), width())))
      .join('\n\n')}`;

const joined = (paragraph: string): string => paragraph.replaceAll('\n', ' ');
