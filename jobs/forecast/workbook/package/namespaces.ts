// The namespaces of a workbook, each in its transitional form and in the strict one (ISO 29500).

const TRANSITIONAL = 'http://schemas.openxmlformats.org';
const STRICT = 'http://purl.oclc.org/ooxml';

/** Workbooks, sheets, strings and styles. */
export const MAIN: ReadonlySet<string> = new Set([
  `${TRANSITIONAL}/spreadsheetml/2006/main`,
  `${STRICT}/spreadsheetml/main`,
]);

/** Of the attribute by which a part names one of its relationships. */
export const RELATIONSHIPS: ReadonlySet<string> = new Set([
  `${TRANSITIONAL}/officeDocument/2006/relationships`,
  `${STRICT}/officeDocument/relationships`,
]);

export const PACKAGE_RELATIONSHIPS: ReadonlySet<string> = new Set([
  `${TRANSITIONAL}/package/2006/relationships`,
]);

/** `worksheet` of `…/officeDocument/2006/relationships/worksheet`; undefined for types of other makers. */
export function officeType(type: string): string | undefined {
  for (const namespace of RELATIONSHIPS) {
    if (type.startsWith(`${namespace}/`)) return type.slice(namespace.length + 1);
  }
  return undefined;
}
