// Which of a workbook's cell styles show a number as a date.
import { MAIN } from '../package/namespaces.ts';
import type { Part } from '../package/package.ts';
import { unusable } from '../unusable.ts';
import { walkPaths } from '../xml/paths.ts';

/** Excel has 64,000 at most. */
const MOST_STYLES = 100_000;
const MOST_FORMATS = 10_000;
const LONGEST_FORMAT = 1_000;

const isBuiltInDate = (id: number): boolean =>
  (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58);

/** Style number to whether it is one of dates. Throws `UnusableWorkbook`. */
export async function readDateStyles(part: Part): Promise<readonly boolean[]> {
  const formats = new Map<number, boolean>();
  const styles: number[] = [];
  const idOf = (text: string | undefined): number => {
    if (text !== undefined && !/^\d{1,9}$/.test(text))
      throw unusable(`the number format "${text}" in ${part.name}`);
    return Number(text ?? 0);
  };
  await walkPaths(part, 'styleSheet', MAIN, (path, tag) => {
    if (path === 'styleSheet/numFmts/numFmt') {
      const code = tag.attribute('formatCode') ?? '';
      if (code.length > LONGEST_FORMAT) {
        throw unusable(
          `a number format of ${code.length} characters, more than ${LONGEST_FORMAT}, in ${part.name}`,
        );
      }
      formats.set(idOf(tag.attribute('numFmtId')), isDateFormat(code));
      if (formats.size > MOST_FORMATS)
        throw unusable(`more than ${MOST_FORMATS} number formats in ${part.name}`);
    } else if (path === 'styleSheet/cellXfs/xf') {
      styles.push(idOf(tag.attribute('numFmtId')));
      if (styles.length > MOST_STYLES) throw unusable(`more than ${MOST_STYLES} cell styles in ${part.name}`);
    }
  });
  return styles.map((id) => formats.get(id) ?? isBuiltInDate(id));
}

/** A format code that has days, months, years, hours, minutes or seconds outside of quotes, escapes and brackets. */
export function isDateFormat(code: string): boolean {
  for (let at = 0; at < code.length; at += 1) {
    const letter = code[at]?.toLowerCase() ?? '';
    if (letter === '\\' || letter === '_' || letter === '*') at += 1;
    else if (letter === '"' || letter === '[') {
      const end = code.indexOf(letter === '"' ? '"' : ']', at + 1);
      if (letter === '[' && /^\[(h+|m+|s+)\]/i.test(code.slice(at, at + 12))) return true;
      at = end === -1 ? code.length : end;
    } else if (code.slice(at, at + 'general'.length).toLowerCase() === 'general') at += 'general'.length - 1;
    else if ('dmyhs'.includes(letter)) return true;
  }
  return false;
}
