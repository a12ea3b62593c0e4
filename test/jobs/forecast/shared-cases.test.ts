// The shared folders of workbooks that once were misread, each with its right answer.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { dayOf } from '../../../jobs/forecast/series/panel.ts';
import { readFolder, type FolderReading } from '../../../jobs/forecast/workbook/read.ts';
import { messagesOf, valuesOf } from './folder.ts';

const CASES = fileURLToPath(new URL('../../../../shared/cases/', import.meta.url));
const TODAY = dayOf('2026-11-26');

const roleOf = (name: string): string =>
  name.includes('flux') ? 'flux' : name.startsWith('Transco') ? 'transco' : 'openings';

async function readCase(name: string): Promise<FolderReading> {
  const folder = join(CASES, name, 'drive');
  const files = readdirSync(folder).map((file) => ({
    role: roleOf(file),
    name: file,
    bytes: readFileSync(join(folder, file)),
  }));
  return readFolder(files, TODAY);
}

function isReadAs(reading: FolderReading, values: number, sum: number): void {
  const found = valuesOf(reading).map((value) => Number(value.split(' ')[2]));
  assert.deepEqual(
    [found.length, found.reduce((total, value) => total + value, 0)],
    [values, sum],
    messagesOf(reading).join('\n'),
  );
}

const malls = (reading: FolderReading): readonly string[] =>
  reading.kind === 'panel' ? reading.panel.sites.map(({ mall }) => mall) : messagesOf(reading);

const RIGHT: Readonly<Record<string, (reading: FolderReading) => void>> = {
  '01-sheet-without-part': (reading) => {
    isReadAs(reading, 42, 28_680);
    assert.ok(reading.kind === 'panel');
    assert.deepEqual(
      reading.notes.map((note) => note.kind === 'sheet-not-read' && note.sheet),
      ['Module1', 'Brouillon'],
    );
  },
  '03-typed-cell-without-value': (reading) =>
    assert.match(
      messagesOf(reading).join('\n'),
      /^Transco\.xlsx, sheet "[^"]+", row 3, column C: found an empty cell; expected a cluster$/,
    ),
  '05-blank-inside-v': (reading) => {
    assert.equal(valuesOf(reading).length, 41, messagesOf(reading).join('\n'));
    assert.equal(
      valuesOf(reading).find((value) => value.startsWith('102 2025-01-06')),
      undefined,
    );
  },
  '06-error-not-in-the-list': (reading) =>
    assert.match(
      messagesOf(reading).join('\n'),
      /^Transco\.xlsx, sheet "[^"]+", row 3, column C: found the error #BLOCKED!; expected a cluster$/,
    ),
  '07-declared-latin-1': (reading) => {
    isReadAs(reading, 42, 28_680);
    assert.deepEqual(malls(reading).slice(0, 2), ['Évry 2', 'Bègles']);
  },
  '09-chart-sheet-first': (reading) => isReadAs(reading, 42, 28_680),
  '10-utf-16-parts': (reading) => isReadAs(reading, 42, 28_680),
  '11-workbook-part-of-another-name': (reading) => isReadAs(reading, 42, 28_680),
  '12-backslashes-in-names': (reading) => isReadAs(reading, 42, 28_680),
  '14-double-quote-within-single-quotes': (reading) => isReadAs(reading, 42, 28_680),
  '21-invisible-letters': (reading) => {
    isReadAs(reading, 42, 28_680);
    assert.ok(malls(reading).includes('Bègles'), malls(reading).join());
  },
};

for (const [name, isRight] of Object.entries(RIGHT)) {
  const skip = existsSync(join(CASES, name)) ? false : `the shared cases are not on this machine: ${CASES}`;
  test(`the shared case ${name} has its right answer`, { skip }, async () => isRight(await readCase(name)));
}
