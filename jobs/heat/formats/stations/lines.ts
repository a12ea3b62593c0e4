// The lines of a text of ECA&D: with LF or CRLF, and with a `# ` before header lines where someone made them comments.
import { OpenedFile, type InputFile } from '../opened-file.ts';
import { UnusableFile } from '../unusable.ts';

/** A century and a half of days are 2 MB; the list of all stations is 1.4 MB. */
const MOST_BYTES = 64 * 2 ** 20;

/** Latin-1, which ECA&D writes; letters of names beyond it are not read. */
export function linesOf(input: InputFile): string[] {
  using file = new OpenedFile(input);
  const text = file.readAll(MOST_BYTES).toString('latin1');
  if (text.includes('\0'))
    throw new UnusableFile({
      file: input.name,
      found: 'bytes that are no text',
      expected: 'a text of ECA&D',
    });
  return text.split(/\r?\n/).map((line) => line.replace(/^# ?/, ''));
}

export const fieldsOf = (line: string): string[] => line.split(',').map((field) => field.trim());
