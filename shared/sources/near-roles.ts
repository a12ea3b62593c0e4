// Finds files that match no role but nearly do, and names each with the name that would match.
import type { FileRole, FileRoles } from '../pipelines/source.ts';
import {
  cleaned,
  distance,
  endsAsWorkbook,
  identityOf,
  isOwnerFile,
  LONGEST_NAME,
  shownName,
  similarityForm,
} from './file-names.ts';
import { namePlaysRole, playsRole, unreadableNote } from './roles.ts';
import { isReadable, type ListedFile } from './snapshot.ts';

// Further ones are counted, not named (law 10).
const MOST_NOTES = 20;
const MOST_FORMS = 20;
const MOST_MARKS = 5;

/** Endings of files that hold tables, or of their downloads. */
const TABLE_ENDING = /(?:\.(?:xlsx|xls|xlsm|xlsb|xltx|xltm|csv|tsv|ods|numbers|zip|tmp|part|crdownload))+$/i;
const ANY_ENDING = /\.[a-z][a-z0-9]{0,9}$/i;

// What Drive, Windows, macOS and browsers add to the name of a copy or of a shortcut.
const MARKS = [
  /^(?:copie de|copy of|kopie von|copia de|copia di|raccourci vers|shortcut to|verknüpfung mit) /i,
  / ?\(\d{1,3}\)$/,
  /[ _–-]+\(?(?:copie|copy|kopie|copia|raccourci|shortcut)\)?(?: \d{1,3})?$/i,
];

/** One sentence without a full stop for each such file, in order of name. */
export function nearRoleNotes(files: readonly ListedFile[], roles: FileRoles): readonly string[] {
  const present = presentNames(files, roles);
  const forms = formsOf(roles, present);
  const notes = files
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((file) => noteOn(file, { roles, present, forms, endings: endingsOf(forms) }) ?? []);
  const left = notes.length - MOST_NOTES;
  return left > 0 ? [...notes.slice(0, MOST_NOTES), `${left} more files match no role but nearly do`] : notes;
}

interface Folder {
  readonly roles: FileRoles;
  /** The identities of the files that match a role. */
  readonly present: ReadonlyMap<string, string>;
  readonly forms: readonly Form[];
  /** The endings of the roles' names; `.xlsx` if no role has another. */
  readonly endings: readonly string[];
}

function noteOn(file: ListedFile, folder: Folder): string | undefined {
  if (isOwnerFile(file.name)) return undefined;
  if (file.name.length > LONGEST_NAME) {
    return `${shownName(file.name)} matches no role: its name has ${file.name.length} characters; expected at most ${LONGEST_NAME}`;
  }
  if (Object.values(folder.roles).some((role) => playsRole(file, role))) return undefined;
  const meant = meantBy(file, folder);
  if (meant === undefined) return undefined;
  if (!isReadable(file)) return `${unreadableNote(file)}, as ${meant.name}`;
  const twin = meant.isExample ? undefined : folder.present.get(identityOf(meant.name));
  return [
    `${shownName(file.name)} matches no role; did you mean ${meant.isExample ? 'a name like ' : ''}${shownName(meant.name)}?`,
    ...(file.content.kind === 'md5' && endsAsWorkbook(meant.name) && endsOtherwise(file.name)
      ? ['Only a workbook saved as .xlsx is read.']
      : []),
    ...(twin === undefined ? [] : [`${shownName(twin)} is in the folder too: keep the newer of the two`]),
  ].join(' ');
}

const endsOtherwise = (name: string): boolean =>
  !endsAsWorkbook(name.trim()) && TABLE_ENDING.test(name.trim());

/** In lower case, each once; a workbook's if no role's name has another. */
function endingsOf(forms: readonly Form[]): readonly string[] {
  const shown = forms.flatMap(({ name }) => ANY_ENDING.exec(name)?.[0].toLowerCase() ?? []);
  return shown.length === 0 ? ['.xlsx'] : [...new Set(shown)].slice(0, MOST_FORMS);
}

interface Meant {
  readonly name: string;
  /** It is only an example of such a name. */
  readonly isExample: boolean;
}

function meantBy(file: ListedFile, folder: Folder): Meant | undefined {
  const stem = stemOf(file.name, folder.endings);
  if (stem === undefined) return undefined;
  for (const ending of folder.endings) {
    const meant = meantWith(`${stem}${ending}`, folder);
    if (meant !== undefined) return meant;
  }
  return undefined;
}

function meantWith(tidied: string, { roles, forms }: Folder): Meant | undefined {
  for (const role of Object.values(roles)) {
    const spaced = tidied.replace(/[\s_]+/g, ' ');
    const name = [tidied, spaced].find((candidate) => namePlaysRole(candidate, role));
    if (name !== undefined) return { name: canonical(name, role), isExample: false };
  }
  const own = similarityForm(tidied);
  for (const { role, form, name } of forms) {
    const most = mostTypos(form);
    if (distance(own, form, most) > most) continue;
    const dated = withDigitsOf(name, tidied);
    if (dated === undefined) return { name, isExample: true };
    if (namePlaysRole(dated, role)) return { name: dated, isExample: false };
  }
  return undefined;
}

/** The role's own spelling, if the role has a single name. */
const canonical = (name: string, { pattern }: FileRole): string =>
  typeof pattern === 'string' ? pattern : name;

/** The name without its ending and without the marks of a copy; undefined if the ending is not that of a table. */
function stemOf(name: string, endings: readonly string[]): string | undefined {
  const clean = cleaned(name);
  const own = endings.find((ending) => clean.toLowerCase().endsWith(ending));
  const bare = (own === undefined ? clean : clean.slice(0, -own.length)).replace(TABLE_ENDING, '');
  if (bare === clean && ANY_ENDING.test(clean)) return undefined;
  let stem = bare.trim();
  for (let mark = 0; mark < MOST_MARKS; mark++) {
    const before = stem;
    for (const pattern of MARKS) stem = stem.replace(pattern, '').replace(TABLE_ENDING, '').trim();
    if (stem === before) break;
  }
  return stem === '' ? undefined : stem.slice(0, LONGEST_NAME);
}

/** One typing error in a short name, two in a longer one. */
const mostTypos = (form: string): number => (form.length >= 12 ? 2 : 1);

interface Form {
  readonly role: FileRole;
  readonly form: string;
  readonly name: string;
}

/** The names of the roles: their own, their example, and those of the files that match them now. */
function formsOf(roles: FileRoles, present: ReadonlyMap<string, string>): readonly Form[] {
  return Object.values(roles).flatMap((role) => {
    const own = [role.pattern, role.example].filter((name) => typeof name === 'string');
    const playing = [...present.values()].filter((name) => namePlaysRole(name, role));
    const forms = new Map([...own, ...playing].map((name) => [similarityForm(name), name]));
    return [...forms].slice(0, MOST_FORMS).map(([form, name]) => ({ role, form, name }));
  });
}

function presentNames(files: readonly ListedFile[], roles: FileRoles): ReadonlyMap<string, string> {
  const playing = files.filter(
    (file) => isReadable(file) && Object.values(roles).some((role) => playsRole(file, role)),
  );
  return new Map(playing.map(({ name }) => [identityOf(name), name.normalize('NFC')]));
}

const DIGITS = /\d+/g;

/** `known` with the numbers of `name` in place of its own; undefined if the counts differ. */
function withDigitsOf(known: string, name: string): string | undefined {
  const numbers = name.match(DIGITS) ?? [];
  if (numbers.length !== (known.match(DIGITS) ?? []).length) return undefined;
  let next = 0;
  return known.replace(DIGITS, () => numbers[next++] ?? '');
}
