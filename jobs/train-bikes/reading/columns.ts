// Finds the columns of an export by its header, whatever their order, spelling and separator.
import { encodedOnce } from './encoding.ts';
import { fieldsOf } from './records.ts';

export const SEPARATORS = [';', ',', '\t'] as const;
export type Separator = (typeof SEPARATORS)[number];

/** Where the fields are in a row. */
export interface Layout {
  readonly fieldCount: number;
  readonly counter: number;
  readonly time: number;
  readonly count: number;
  readonly coordinates: number | undefined;
}

type Role = 'counter' | 'time' | 'count' | 'coordinates';

/** Headers in normal form: those of the export, which come first where both are there, and those of the city's API. */
const NAMES: Readonly<Record<Role, readonly string[]>> = {
  counter: ['nom_du_compteur', 'nom_compteur'],
  time: ['date_et_heure_de_comptage', 'date'],
  count: ['comptage_horaire', 'sum_counts'],
  coordinates: ['coordonnees_geographiques', 'coordinates'],
};
const NEEDED: Readonly<Record<Exclude<Role, 'coordinates'>, string>> = {
  counter: 'Nom du compteur',
  time: 'Date et heure de comptage',
  count: 'Comptage horaire',
};

export type Header =
  | {
      readonly kind: 'found';
      readonly separator: Separator;
      readonly layout: Layout;
      readonly headers: readonly string[];
    }
  | { readonly kind: 'unusable'; readonly found: string; readonly expected: string };

/** `Coordonnées géographiques` and `COORDONNEES_GEOGRAPHIQUES` have one normal form. */
export const normalForm = (header: string): string =>
  encodedOnce(header)
    .normalize('NFD')
    .replace(/[\p{M}\p{Default_Ignorable_Code_Point}]/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_|_$/g, '');

const LONGEST_SHOWN = 100;
const MOST_SHOWN = 8;

/** The separator is the one under which the most columns are known. */
export function headerOf(line: string): Header {
  const [best] = SEPARATORS.map((separator) => ({ separator, fields: fieldsOf(line, separator)?.[0] ?? [] }))
    .map((each) => ({ ...each, known: rolesOf(each.fields).size }))
    .sort((a, b) => b.known - a.known);
  const { separator, fields } = best!;
  if (best!.known === 0) {
    return { kind: 'unusable', found: `no header: "${shown(line)}"`, expected: expectedColumns() };
  }
  const layout = layoutOf(fields);
  if (typeof layout === 'object') return { kind: 'found', separator, layout, headers: fields };
  return { kind: 'unusable', found: layout, expected: expectedColumns() };
}

/** The layout, or what is wrong with the header. */
export function layoutOf(fields: readonly string[]): Layout | string {
  const roles = rolesOf(fields);
  const columns = fields.slice(0, MOST_SHOWN).map((field) => `"${shown(field)}"`);
  const all = columns.join(', ') + (fields.length > MOST_SHOWN ? ', …' : '');
  for (const [role, name] of Object.entries(NEEDED)) {
    const places = roles.get(role as Role) ?? [];
    if (places.length === 0) return `no column "${name}" among ${all}`;
    if (places.length > 1) return `${places.length} columns "${name}"`;
  }
  const at = (role: Role) => roles.get(role)?.[0];
  return {
    fieldCount: fields.length,
    counter: at('counter')!,
    time: at('time')!,
    count: at('count')!,
    coordinates: at('coordinates'),
  };
}

function rolesOf(fields: readonly string[]): ReadonlyMap<Role, readonly number[]> {
  const forms = fields.map(normalForm);
  const roles = new Map<Role, number[]>();
  for (const [role, names] of Object.entries(NAMES)) {
    const name = names.find((each) => forms.includes(each));
    if (name === undefined) continue;
    roles.set(
      role as Role,
      forms.flatMap((form, at) => (form === name ? [at] : [])),
    );
  }
  return roles;
}

const expectedColumns = (): string =>
  `a header with the columns ${Object.values(NEEDED)
    .map((name) => `"${name}"`)
    .join(', ')}, separated by semicolons, commas or tabs`;

const shown = (text: string): string =>
  text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
