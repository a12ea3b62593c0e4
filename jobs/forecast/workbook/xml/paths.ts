// Walks a small part by the paths of its elements, such as `workbook/sheets/sheet`.
import type { Part } from '../package/package.ts';
import { walkElements } from './elements.ts';
import type { Scope } from './names.ts';
import type { Tag } from './tag.ts';

/** Calls `onElement` for every element of `namespaces`, in order. Throws `UnusableWorkbook`. */
export async function walkPaths(
  part: Part,
  root: string,
  namespaces: ReadonlySet<string>,
  onElement: (path: string, tag: Tag, scope: Scope) => void,
): Promise<void> {
  const paths: string[] = [];
  await walkElements(part, root, namespaces, {
    open: (local, tag, scope) => {
      const outer = paths.at(-1);
      const path = outer === undefined ? local : `${outer}/${local}`;
      paths.push(path);
      onElement(path, tag, scope);
      return true;
    },
    close: () => void paths.pop(),
  });
}
