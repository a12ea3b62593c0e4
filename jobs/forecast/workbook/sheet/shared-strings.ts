// The workbook's table of shared strings, read once and within bounds.
import { MAIN } from '../package/namespaces.ts';
import type { Part } from '../package/package.ts';
import { unusable } from '../unusable.ts';
import { walkElements } from '../xml/elements.ts';
import { RichText } from './rich-text.ts';

/** Of a file: more than its cells can be. */
const MOST_STRINGS = 2_000_000;
const MOST_CHARACTERS = 64 * 1024 * 1024;

/** Throws `UnusableWorkbook`. */
export async function readSharedStrings(part: Part): Promise<readonly string[]> {
  const strings: string[] = [];
  const current = new RichText(part.name);
  let characters = 0;
  let isInString = false;
  let isOpen = false;
  const finish = (): void => {
    const text = current.take();
    characters += text.length;
    strings.push(text);
    if (strings.length > MOST_STRINGS)
      throw unusable(`more than ${MOST_STRINGS} shared texts in ${part.name}`);
    if (characters > MOST_CHARACTERS) {
      throw unusable(`shared texts of more than ${MOST_CHARACTERS} characters in ${part.name}`);
    }
  };
  await walkElements(part, 'sst', MAIN, {
    open: (local) => {
      if (!isOpen) return (isOpen = true);
      if (isInString) return current.open(local);
      return (isInString = local === 'si');
    },
    text: (bytes, start, end, isLiteral) => {
      if (isInString) current.add(bytes, start, end, isLiteral);
    },
    close: () => {
      if (!isInString || !current.close()) return;
      isInString = false;
      finish();
    },
    foreign: (raw) => {
      throw unusable(`<${raw}> among the shared texts of ${part.name}`);
    },
  });
  return strings;
}
