// What a part points to: its relationships by their ids, with targets resolved to parts of the package.
import { unusable } from '../unusable.ts';
import { walkPaths } from '../xml/paths.ts';
import { officeType, PACKAGE_RELATIONSHIPS } from './namespaces.ts';
import { relationshipsKey, targetKey } from './names.ts';
import type { WorkbookPackage } from './package.ts';

const MOST_RELATIONSHIPS = 10_000;

export interface Relationship {
  /** `worksheet`, `sharedStrings` and the like; undefined for types of other makers. */
  readonly type: string | undefined;
  /** The key of the part; undefined when the target is outside the package. */
  readonly part: string | undefined;
}

/** The relationships of a part (of the package itself: ''). Throws `UnusableWorkbook`. */
export async function readRelationships(
  workbook: WorkbookPackage,
  source: string,
): Promise<ReadonlyMap<string, Relationship>> {
  const part = workbook.openSmall(relationshipsKey(source));
  const relationships = new Map<string, Relationship>();
  await walkPaths(part, 'Relationships', PACKAGE_RELATIONSHIPS, (path, tag) => {
    if (path !== 'Relationships/Relationship') return;
    const id = tag.attribute('Id') ?? '';
    const target = tag.attribute('Target') ?? '';
    if (relationships.has(id)) throw unusable(`two relationships of the id "${id}" in ${part.name}`);
    if (relationships.size === MOST_RELATIONSHIPS) {
      throw unusable(`more than ${MOST_RELATIONSHIPS} relationships in ${part.name}`);
    }
    const isExternal = (tag.attribute('TargetMode') ?? 'Internal') !== 'Internal';
    relationships.set(id, {
      type: officeType(tag.attribute('Type') ?? ''),
      part: isExternal ? undefined : targetKey(source, target),
    });
  });
  return relationships;
}

/** The one part of a type; undefined when there is none. Throws `UnusableWorkbook` for two, or one outside. */
export function onlyPart(relationships: ReadonlyMap<string, Relationship>, type: string): string | undefined {
  const found = [...relationships.values()].filter((relationship) => relationship.type === type);
  const [first] = found;
  if (first === undefined) return undefined;
  if (found.length > 1) throw unusable(`${found.length} relationships of the type ${type}; expected one`);
  if (first.part === undefined)
    throw unusable(`a relationship of the type ${type} to outside of the workbook`);
  return first.part;
}
