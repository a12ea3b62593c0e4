// Which part is the workbook and which sheet is read: relationships say it, never positions or names.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  edited,
  goodParts,
  GOOD_VALUES,
  MAIN,
  OFFICE,
  part,
  readParts,
  refusalIn,
  RELATIONSHIPS,
  renamed,
  ROOT,
  SHEET,
  valuesIn,
  WORKBOOK,
} from './parts.ts';
import type { ZipPart } from './workbooks.ts';

const STRICT_OFFICE = 'http://purl.oclc.org/ooxml/officeDocument/relationships';
const STRICT_MAIN = 'http://purl.oclc.org/ooxml/spreadsheetml/main';
const COMPATIBILITY = 'http://schemas.openxmlformats.org/markup-compatibility/2006';
const everywhere = (edit: (xml: string) => string) => (parts: readonly ZipPart[]) =>
  parts.map((one) => ({ ...one, content: Buffer.from(edit(one.content.toString())) }));

const READ: Readonly<Record<string, readonly ZipPart[]>> = {
  'a workbook part of another name and place': edited(
    renamed(goodParts(), (name) =>
      name
        .replace('xl/workbook.xml', 'other/book.main')
        .replace('xl/_rels/workbook.xml', 'other/_rels/book.main'),
    ),
    {
      [ROOT]: (xml) => xml.replace('xl/workbook.xml', '/other/book.main'),
      'other/_rels/book.main.rels': (xml) =>
        xml.replace('worksheets/', '../xl/worksheets/').replace('styles.xml', '/xl/styles.xml'),
    },
  ),
  'ids of another form under another prefix': edited(goodParts(), {
    [WORKBOOK]: (xml) => xml.replace('xmlns:r=', 'xmlns:rel=').replace('r:id="rId1"', 'rel:id="Ünïque"'),
    [RELATIONSHIPS]: (xml) => xml.replace('"rId1"', '"Ünïque"'),
  }),
  'an id of another namespace beside the right one': edited(goodParts(['Feuil1', 'Feuil2']), {
    [WORKBOOK]: (xml) =>
      xml
        .replace('<workbook', '<workbook xmlns:q="urn:q"')
        .replace('r:id="rId1"', 'id="rId2" q:id="rId2" r:id="rId1"'),
  }),
  'the strict namespaces': everywhere((xml) =>
    xml.replaceAll(OFFICE, STRICT_OFFICE).replaceAll(MAIN, STRICT_MAIN),
  )(goodParts()),
  'a prefix on the main namespace': edited(goodParts(), {
    [SHEET]: (xml) => xml.replace('xmlns=', 'xmlns:x=').replace(/<(\/?)(\w)/g, '<$1x:$2'),
    [WORKBOOK]: (xml) => xml.replace('xmlns=', 'xmlns:x=').replace(/<(\/?)(\w)/g, '<$1x:$2'),
  }),
  'names in another letter case': renamed(goodParts(), (name) =>
    name === '[Content_Types].xml' ? name : name.toUpperCase(),
  ),
  'backslashes in names and targets': edited(
    renamed(goodParts(), (name) => name.replaceAll('/', '\\')),
    { 'xl\\_rels\\workbook.xml.rels': (xml) => xml.replace('worksheets/', 'worksheets\\') },
  ),
  'a target in percent': edited(
    renamed(goodParts(), (name) => name.replace('sheet1', 'feuille 1')),
    { [RELATIONSHIPS]: (xml) => xml.replace('sheet1', 'feuille%201') },
  ),
  'entries for folders': [...goodParts(), part('xl/', ''), part('xl/worksheets/', '')],
  'a chart, a dialog and a macro sheet before it': edited(
    [...goodParts(), part('xl/charts.xml', '<chartsheet/>')],
    {
      [WORKBOOK]: (xml) =>
        xml.replace(
          '<sheets>',
          '<sheets><sheet name="a" r:id="x1"/><sheet name="b" r:id="x2"/><sheet name="c" r:id="x3"/>',
        ),
      [RELATIONSHIPS]: (xml) =>
        xml.replace(
          '</Relationships>',
          `<Relationship Id="x1" Type="${OFFICE}/chartsheet" Target="charts.xml"/>
           <Relationship Id="x2" Type="${OFFICE}/dialogsheet" Target="none.xml"/>
           <Relationship Id="x3" Type="http://schemas.microsoft.com/office/2006/relationships/xlMacrosheet" Target="m.xml"/></Relationships>`,
        ),
    },
  ),
  'a list of sheets in the fallback of an alternative': edited(goodParts(), {
    [WORKBOOK]: (xml) =>
      xml
        .replace('<workbook', `<workbook xmlns:mc="${COMPATIBILITY}" xmlns:new="urn:new"`)
        .replace(
          '<sheets>',
          '<mc:AlternateContent><mc:Choice Requires="new"><sheets><sheet name="x" r:id="none"/></sheets></mc:Choice><mc:Fallback><sheets>',
        )
        .replace('</sheets></workbook>', '</sheets></mc:Fallback></mc:AlternateContent></workbook>'),
  }),
  'rows in a namespace that is to be ignored, beside the real ones': edited(goodParts(), {
    [SHEET]: (xml) =>
      xml
        .replace(
          '<worksheet',
          `<worksheet xmlns:mc="${COMPATIBILITY}" xmlns:new="urn:new" mc:Ignorable="new"`,
        )
        .replace('</sheetData>', '<new:row r="3"><c r="A3"><v>5</v></c></new:row></sheetData>'),
  }),
};

for (const [what, parts] of Object.entries(READ)) {
  test(`a workbook with ${what} is read`, async () => assert.deepEqual(await valuesIn(parts), GOOD_VALUES));
}

const entry = (xml: string) => ({ [WORKBOOK]: (all: string) => all.replace(/<sheet .*?\/>/, () => xml) });

const REFUSED: readonly (readonly [what: string, parts: readonly ZipPart[], says: RegExp])[] = [
  [
    'no relationship to a workbook',
    edited(goodParts(), { [ROOT]: (xml) => xml.replace('/officeDocument"', '/other"') }),
    /whose relationships name no workbook/,
  ],
  [
    'two relationships to a workbook',
    edited(goodParts(), {
      [ROOT]: (xml) =>
        xml.replace('</Rel', `<Relationship Id="r2" Type="${OFFICE}/officeDocument" Target="b.xml"/></Rel`),
    }),
    /2 relationships of the type officeDocument/,
  ],
  [
    'a document of another kind',
    edited(goodParts(), { [WORKBOOK]: () => '<w:document xmlns:w="urn:w"/>' }),
    /which is <document> of another kind; expected <workbook>/,
  ],
  [
    'a binary workbook',
    edited(
      renamed(goodParts(), (name) => name.replace('workbook.xml', 'workbook.bin')),
      { [ROOT]: (xml) => xml.replace('workbook.xml', 'workbook.bin') },
    ),
    /a binary workbook \(\.xlsb\).*save it as one/,
  ],
  [
    'a sheet whose part is not there',
    goodParts().filter(({ name }) => name !== SHEET),
    /sheet "Feuil1": found an archive without xl\/worksheets\/sheet1\.xml/,
  ],
  [
    'a sheet whose relationship is not there',
    edited(goodParts(), entry('<sheet name="Feuil1" r:id="rId9"/>')),
    /sheet "Feuil1": found a sheet whose part "rId9" is not listed/,
  ],
  [
    'a sheet with a plain id',
    edited(goodParts(), entry('<sheet name="Feuil1" id="rId1"/>')),
    /sheet "Feuil1": found a sheet that names no part/,
  ],
  [
    'a sheet outside of the workbook',
    edited(goodParts(), {
      [RELATIONSHIPS]: (xml) => xml.replace('Target="work', 'TargetMode="External" Target="work'),
    }),
    /a sheet that lies outside of the workbook/,
  ],
  [
    'a target above its root',
    edited(goodParts(), { [RELATIONSHIPS]: (xml) => xml.replace('worksheets/', '../../worksheets/') }),
    /which is outside the workbook/,
  ],
  [
    'a target on the net',
    edited(goodParts(), { [RELATIONSHIPS]: (xml) => xml.replace('worksheets/', 'http://x.example/') }),
    /which is outside the workbook/,
  ],
  [
    'two sheets of one name',
    edited(goodParts(['Feuil1', 'Feuil2']), { [WORKBOOK]: (xml) => xml.replace('Feuil2', 'FEUIL1') }),
    /two sheets named "feuil1"/,
  ],
  [
    'a sheet without a name',
    edited(goodParts(), { [WORKBOOK]: (xml) => xml.replace('Feuil1', ' ') }),
    /a sheet without a name/,
  ],
  [
    'two sheets in one part',
    edited(goodParts(['Feuil1', 'Feuil2']), { [RELATIONSHIPS]: (xml) => xml.replace('sheet2', 'Sheet1') }),
    /two sheets in the one part/,
  ],
  [
    'two relationships of one id',
    edited(goodParts(['Feuil1', 'Feuil2']), { [RELATIONSHIPS]: (xml) => xml.replace('rId2', 'rId1') }),
    /two relationships of the id "rId1"/,
  ],
  [
    'two parts of one name but for its letter case',
    [...goodParts(), part('XL/Workbook.xml', '<workbook/>')],
    /the parts xl\/workbook\.xml and XL\/Workbook\.xml, whose names are the same/,
  ],
  [
    'only a hidden sheet',
    edited(goodParts(), { [WORKBOOK]: (xml) => xml.replace('<sheet ', '<sheet state="veryHidden" ') }),
    /found no visible sheet of cells/,
  ],
  [
    'a sheet in an unknown state',
    edited(goodParts(), { [WORKBOOK]: (xml) => xml.replace('<sheet ', '<sheet state="HIDDEN" ') }),
    /the state "HIDDEN" of the sheet/,
  ],
  [
    'rows in a foreign namespace',
    edited(goodParts(), {
      [SHEET]: (xml) => xml.replace('<row r="2">', '<q:row xmlns:q="urn:q"/><row r="2">'),
    }),
    /<q:row>, which no sheet has there/,
  ],
  [
    'a part that must be understood',
    edited(goodParts(), {
      [SHEET]: (xml) =>
        xml.replace(
          '<worksheet',
          `<worksheet xmlns:m="${COMPATIBILITY}" xmlns:q="urn:q" m:MustUnderstand="q"`,
        ),
    }),
    /must not be read without knowing "q"/,
  ],
  [
    'a prefix that is not declared',
    edited(goodParts(), { [SHEET]: (xml) => xml.replace('<row r="2">', '<q:row/><row r="2">') }),
    /the prefix of <q:row> is not declared/,
  ],
];

for (const [what, parts, says] of REFUSED) {
  test(`a workbook with ${what} is refused, and the file named`, async () => {
    const refusal = await refusalIn(parts);
    assert.match(refusal, says);
    assert.match(refusal, /^2025 flux quotidiens\.xlsx/);
  });
}

test('the notes name exactly the sheets that were not read', async () => {
  const parts = edited(goodParts(['Caché', 'Feuil2', 'Feuil3']), {
    [WORKBOOK]: (xml) =>
      xml.replace('<sheet ', '<sheet name="Macro" state="veryHidden" r:id=""/><sheet state="hidden" '),
  });
  const reading = await readParts(parts);
  assert.deepEqual(await valuesIn(parts), ['A1 2025-01-01 8']);
  assert.ok(reading.kind === 'panel');
  assert.deepEqual(
    reading.notes.map((note) => note.kind === 'sheet-not-read' && note.sheet),
    ['Macro', 'Caché', 'Feuil3'],
  );
});
