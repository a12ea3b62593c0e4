// Names of parts as OPC compares them, and the targets that relationships point to.
import { unusable } from '../unusable.ts';

/**
 * The key of a part: equivalent names have one. Letter case does not count, `\` stands for `/` (some Windows
 * libraries write it so), and `%41` is `A`. Throws `UnusableWorkbook`.
 */
export function partKey(name: string): string {
  const plain = decoded(name).replaceAll('\\', '/').replace(/^\//, '');
  return plain.normalize('NFC').toLowerCase();
}

/** The key of what a relationship of `base` (the key of a part, or '' for the package) points to. */
export function targetKey(base: string, target: string): string {
  const plain = target.trim().replaceAll('\\', '/').replace(/#.*$/s, '');
  if (/^[a-z][a-z0-9+.-]*:|^\/\//i.test(plain)) {
    throw unusable(`a relationship to "${target}", which is outside the workbook`);
  }
  const segments = plain.startsWith('/') ? [] : base.split('/').slice(0, -1);
  for (const segment of plain.split('/')) {
    if (segment === '..' && segments.pop() === undefined) {
      throw unusable(`a relationship to "${target}", which is outside the workbook`);
    }
    if (!['', '.', '..'].includes(segment)) segments.push(segment);
  }
  return partKey(segments.join('/'));
}

/** Where the relationships of a part stand: `xl/workbook.xml` has `xl/_rels/workbook.xml.rels`. */
export function relationshipsKey(part: string): string {
  const nameAt = part.lastIndexOf('/') + 1;
  return `${part.slice(0, nameAt)}_rels/${part.slice(nameAt)}.rels`;
}

function decoded(name: string): string {
  if (/%(2f|5c|00)/i.test(name)) throw unusable(`a part named "${name}", in which a letter is hidden`);
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
