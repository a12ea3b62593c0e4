// Files that nearly play a role are named with the name that was meant; what is no workbook is left alone.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { carmila } from '../../../pipelines/carmila.ts';
import { LONGEST_NAME, shownName } from '../../../shared/sources/file-names.ts';
import { nearRoleNotes } from '../../../shared/sources/near-roles.ts';
import { castRoles } from '../../../shared/sources/roles.ts';
import type { ListedFile, SourceFile, Unreadable, UnreadableFile } from '../../../shared/sources/snapshot.ts';

const ROLES = carmila.trigger.source.files;
let ids = 0;
const file = (name: string, more: Partial<SourceFile> = {}): SourceFile => ({
  id: `id-${++ids}`,
  name,
  content: { kind: 'md5', md5Hex: 'a'.repeat(32) },
  sizeBytes: 1000,
  modifiedAtMs: 0,
  ...more,
});
const unreadable = (name: string, why: Unreadable, isSheet = false): UnreadableFile => ({
  ...file(name),
  content: { kind: 'unreadable', why, isSheet },
});
const sheet = (name: string) => file(name, { content: { kind: 'sheet-version', version: '1' } });

const NEEDED = ['2025 flux quotidiens.xlsx', 'Transco.xlsx', 'Recensement OE 2024.xlsx'].map((name) =>
  file(name),
);
const notesWith = (...files: ListedFile[]) => nearRoleNotes([...NEEDED, ...files], ROLES);
const namesIn = (files: readonly ListedFile[]) => {
  const cast = castRoles(files, ROLES);
  assert.equal(cast.kind, 'complete');
  return cast.kind === 'complete' ? cast.snapshot.map(({ name }) => name) : [];
};

test('a year in another letter case is read, and so are an ending in capitals and the accents of another system', () => {
  const names = ['2024 Flux quotidiens.xlsx', '2023 flux quotidiens.XLSX'];
  const files = [...NEEDED.slice(0, 1), file('TRANSCO.xlsx'), file('OE été 2024.XLSX'.normalize('NFD'))];
  const read = namesIn([...files, ...names.map((name) => file(name))]);
  for (const name of [...names, 'TRANSCO.xlsx', 'OE été 2024.XLSX'.normalize('NFC')])
    assert.ok(read.includes(name), name);
  assert.deepEqual(nearRoleNotes([...files, ...names.map((name) => file(name))], ROLES), []);
});

test('two years whose names differ in letter case alone, or in the ending of a Sheet, are one year twice', () => {
  for (const twin of [file('2025 FLUX quotidiens.xlsx'), sheet('2025 flux quotidiens')]) {
    const cast = castRoles([...NEEDED, twin], ROLES);
    assert.equal(cast.kind, 'ambiguous', twin.name);
    assert.ok(cast.kind === 'ambiguous' && cast.problem.includes(`"${twin.name}" (${twin.id})`));
  }
});

const NEAR: readonly (readonly [string, string])[] = [
  ['2022 flux quotidiens .xlsx', '2022 flux quotidiens.xlsx'],
  ['2024  flux quotidiens.xlsx', '2024 flux quotidiens.xlsx'],
  ['2024_flux_quotidiens.xlsx', '2024 flux quotidiens.xlsx'],
  ['2024-flux-quotidiens.xlsx', '2024 flux quotidiens.xlsx'],
  ['2024 flux quotidien.xlsx', '2024 flux quotidiens.xlsx'],
  ['2024 flux quotidiéns.xlsx', '2024 flux quotidiens.xlsx'],
  ['2024 flux quotidiens', '2024 flux quotidiens.xlsx'],
  ['2024 flux quotidiens.xls', '2024 flux quotidiens.xlsx'],
  ['2024 flux quotidiens.xlsm', '2024 flux quotidiens.xlsx'],
  ['2024 flux quotidiens.csv', '2024 flux quotidiens.xlsx'],
  ['2024 flux quotidiens.xlsx.xlsx', '2024 flux quotidiens.xlsx'],
  ['2024 flux quotidiens.xlsx.crdownload', '2024 flux quotidiens.xlsx'],
  ['Copie de 2024 flux quotidiens.xlsx', '2024 flux quotidiens.xlsx'],
  ['Copy of 2024 flux quotidiens.xlsx', '2024 flux quotidiens.xlsx'],
  ['2024 flux quotidiens - Copie.xlsx', '2024 flux quotidiens.xlsx'],
  ['2024 flux quotidiens - Copie (2).xlsx', '2024 flux quotidiens.xlsx'],
  ['Transco (1).xlsx', 'Transco.xlsx'],
  ['transco.XLS', 'Transco.xlsx'],
  ['Transcos.xlsx', 'Transco.xlsx'],
  ['Recensement OE 2024.xls', 'Recensement OE 2024.xlsx'],
];
for (const [name, meant] of NEAR) {
  test(`"${name}" matches no role, and ${meant} is what was meant`, () => {
    const [note, ...more] = notesWith(file(name));
    assert.ok(note?.startsWith(`${name} matches no role; did you mean ${meant}?`), note);
    assert.deepEqual(more, []);
  });
}

test('a second copy is named beside the file that it copies', () => {
  const [note] = notesWith(file('2025 flux quotidiens (1).xlsx'));
  assert.equal(
    note,
    '2025 flux quotidiens (1).xlsx matches no role; did you mean 2025 flux quotidiens.xlsx? ' +
      '2025 flux quotidiens.xlsx is in the folder too: keep the newer of the two',
  );
});

test('what cannot be seen in a name is shown', () => {
  const [note] = notesWith(file('2024\u00a0flux\u200b quotidiens.xlsx '));
  assert.ok(
    note?.startsWith('2024U+00A0fluxU+200B quotidiens.xlsxU+0020 matches no role; did you mean 2024 flux'),
    note,
  );
  assert.equal(shownName('a\u001b[31mb\u202e'), 'aU+001B[31mbU+202E');
});

for (const name of [
  '~$2025 flux quotidiens.xlsx',
  'notes.txt',
  'Budget.xlsx',
  'Noel 2024.xlsx',
  'OE 2023.xlsx',
  'Recensement OE 2024.pdf',
  '2024 flux mensuels.xlsx',
  'xcopy.xlsx',
]) {
  test(`"${name}" is left alone`, () => assert.deepEqual(notesWith(file(name)), []));
}

test('a shortcut to a needed file, or to a year, is named as what it is', () => {
  const cast = castRoles(
    [NEEDED[0], unreadable('Transco.xlsx', 'shortcut'), NEEDED[2]].filter((each) => each !== undefined),
    ROLES,
  );
  assert.ok(cast.kind === 'incomplete');
  assert.deepEqual(cast.missing, []);
  assert.deepEqual(cast.unreadable, ['Transco.xlsx is a shortcut; put the file itself into the folder']);
  const year = castRoles([...NEEDED, unreadable('2026 flux quotidiens.xlsx', 'no-checksum')], ROLES);
  assert.match(
    year.kind === 'complete' ? (year.unreadable[0] ?? '') : '',
    /^2026 flux quotidiens\.xlsx has no checksum/,
  );
  const sheetLike = castRoles([...NEEDED, unreadable('2026 flux quotidiens', 'shortcut', true)], ROLES);
  assert.ok(sheetLike.kind === 'complete' && sheetLike.unreadable.length === 1);
  assert.match(
    notesWith(unreadable('Raccourci vers 2026 flux quotidiens.xlsx', 'shortcut'))[0] ?? '',
    /is a shortcut; put the file itself into the folder, as 2026 flux quotidiens\.xlsx$/,
  );
});

test('a shortcut beside the file that it leads to is no loss', () => {
  const cast = castRoles([...NEEDED, ...NEEDED.map(({ name }) => unreadable(name, 'shortcut'))], ROLES);
  assert.ok(cast.kind === 'complete');
  assert.deepEqual(cast.unreadable, []);
});

test('a name that is too long meets no pattern: it matches no role, and is named in short', () => {
  const patient = { openings: { count: 'one', pattern: { test: () => assert.fail('met a pattern') } } };
  const long = file(`${'OE'.repeat(16_000)}.xlsx`);
  assert.deepEqual(castRoles([long], { ...ROLES }).kind, 'incomplete');
  const notes = nearRoleNotes([long], patient as never);
  assert.equal(notes.length, 1);
  assert.match(
    notes[0] ?? '',
    /^(OE){60}… matches no role: its name has 32005 characters; expected at most 255$/,
  );
  assert.equal(
    castRoles([...NEEDED.slice(0, 2), file(`OE 2024${'x'.repeat(LONGEST_NAME - 12)}.xlsx`)], ROLES).kind,
    'complete',
  );
});

test('a folder of thousands of strangely named files has a bounded number of notes', () => {
  const many = Array.from({ length: 3000 }, (_, index) =>
    file(`Transco (${index % 900}) (${index % 7}).xlsx`),
  );
  const notes = notesWith(...many);
  assert.equal(notes.length, 21);
  assert.equal(notes.at(-1), '2980 more files match no role but nearly do');
});
