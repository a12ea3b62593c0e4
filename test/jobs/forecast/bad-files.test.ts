// Files that are no workbooks: each is refused by what it is, and none takes the job down.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { date, flux, goodFlux, LONG_HEADER, messagesOf, readWith } from './folder.ts';
import { partsOf, sheetXml, workbookOfXml, zip, type ZipPart } from './workbooks.ts';
import { LONGEST_PROCESS_MS } from '../../waiting.ts';

const MEBIBYTE = 1024 * 1024;
const MALLS = 2_800;

const refusalOf = async (bytes: Buffer): Promise<string> => {
  const messages = messagesOf(await readWith(flux(bytes)));
  assert.equal(messages.length, 1, messages.join('\n'));
  return messages[0] ?? '';
};

const GOOD_XML = sheetXml([LONG_HEADER, ['A1', date('2025-01-01'), 1]]);
const goodParts = (): ZipPart[] => partsOf([{ name: 'Feuil1', xml: Buffer.from(GOOD_XML) }], false);
const withSheet = (part: Partial<ZipPart>): Buffer =>
  zip(
    goodParts().map((known) => (known.name === 'xl/worksheets/sheet1.xml' ? { ...known, ...part } : known)),
  );

test('an empty file is refused', async () => {
  assert.match(
    await refusalOf(Buffer.alloc(0)),
    /^2025 flux quotidiens\.xlsx: found an empty file; expected an Excel workbook/,
  );
});

test('a text file under an .xlsx name is refused', async () => {
  assert.match(
    await refusalOf(Buffer.from('Code site;Date;Flux\nA1;01/01/2025;3\n')),
    /found a file of another kind under an \.xlsx name/,
  );
});

test('a password-protected workbook is refused by that name', async () => {
  const compound = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(4096)]);
  assert.match(
    await refusalOf(compound),
    /found a password-protected workbook, or one in the old \.xls format; expected .* without a password/,
  );
});

test('a workbook cut off anywhere is refused', async () => {
  const whole = goodFlux().bytes;
  for (let share = 0.05; share < 1; share += 0.05) {
    const message = await refusalOf(whole.subarray(0, Math.floor(whole.length * share)));
    assert.match(message, /found a truncated workbook: its end is missing/);
  }
});

test('a workbook with one byte changed is read as it was or refused, never taken for another', async () => {
  const whole = goodFlux().bytes;
  const asItWas = JSON.stringify(await readWith(goodFlux()));
  await fc.assert(
    fc.asyncProperty(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
      const bytes = Buffer.from(whole);
      bytes.writeUInt8(bytes.readUInt8(at) ^ change, at);
      const reading = await readWith(flux(bytes));
      if (reading.kind === 'panel') assert.equal(JSON.stringify(reading), asItWas);
      else assert.match(reading.problems[0]?.message ?? '', /^2025 flux quotidiens\.xlsx.* found /);
    }),
    { numRuns: 200 },
  );
});

test('an archive that would inflate beyond the bound is refused by its own table of parts', async () => {
  const bomb = withSheet({ declaredBytes: 600 * MEBIBYTE });
  assert.match(
    await refusalOf(bomb),
    /found an archive that would inflate to 600 MiB, .* \(a zip bomb\); expected at most 512 MiB/,
  );
});

test('an archive that inflates to far more than its size is refused', async () => {
  const bomb = withSheet({ content: Buffer.alloc(64 * MEBIBYTE, 'a') });
  assert.ok(bomb.length < MEBIBYTE);
  assert.match(await refusalOf(bomb), /inflate to 64 MiB, \d{3} times its size \(a zip bomb\)/);
});

test('an archive that declares less than it holds is stopped while it inflates', async () => {
  const liar = withSheet({ content: Buffer.alloc(64 * MEBIBYTE, 'a'), declaredBytes: 1000 });
  const before = process.memoryUsage().rss;
  assert.match(
    await refusalOf(liar),
    /xl\/worksheets\/sheet1\.xml cannot be inflated to the size it declares/,
  );
  assert.ok(process.memoryUsage().rss - before < 40 * MEBIBYTE);
});

for (const [what, xml, found] of [
  [
    'breaks off after a whole row',
    GOOD_XML.slice(0, GOOD_XML.indexOf('</row>') + 6),
    /<sheetData> is not closed/,
  ],
  ['breaks off inside a tag', GOOD_XML.slice(0, -3), /breaks off inside a tag/],
  ['closes the wrong tag', GOOD_XML.replace('</v>', '</w>'), /<v> is not closed/],
  ['has two roots', GOOD_XML + GOOD_XML, /more than one root/],
  ['declares entities', `<!DOCTYPE x [<!ENTITY a "b">]>${GOOD_XML}`, /a document type is declared/],
  ['is no XML', 'Code site;Date;Flux', /there is no tag/],
] as const) {
  test(`a sheet whose XML ${what} is refused`, async () => {
    const message = await refusalOf(workbookOfXml(xml));
    assert.match(message, /found malformed XML in xl\/worksheets\/sheet1\.xml: /);
    assert.match(message, found);
  });
}

test('comments, processing instructions, CDATA and a > inside quotes are good XML', async () => {
  const xml = GOOD_XML.replace('<sheetData>', '<?x y?><!-- <not> a tag --><sheetData a="1 > 0">');
  const reading = await readWith(flux(workbookOfXml(`<?xml version="1.0"?>${xml}`)));
  assert.equal(reading.kind, 'panel', messagesOf(reading).join('\n'));
});

for (const missing of [
  'xl/workbook.xml',
  'xl/_rels/workbook.xml.rels',
  'xl/worksheets/sheet1.xml',
  '[Content_Types].xml',
  '_rels/.rels',
]) {
  test(`an archive without ${missing} is refused`, async () => {
    const bytes = zip(goodParts().filter(({ name }) => name !== missing));
    assert.match(await refusalOf(bytes), /found (an archive without|a workbook that cannot be read)/);
  });
}

test('an archive with two parts of one name is refused', async () => {
  assert.match(
    await refusalOf(zip([...goodParts(), ...goodParts().slice(-1)])),
    /two parts named xl\/worksheets\/sheet1\.xml/,
  );
});

test('a part that is not what its checksum says is refused, the sheet and any other', async () => {
  assert.match(
    await refusalOf(withSheet({ declaredCrc32: 1 })),
    /the checksum of xl\/worksheets\/sheet1\.xml does not agree/,
  );
  const unseen = { name: 'docProps/app.xml', content: Buffer.from('<a/>'), declaredCrc32: 1 };
  assert.match(
    await refusalOf(zip([...goodParts(), unseen])),
    /the checksum of docProps\/app\.xml does not agree/,
  );
});

test('a part under another name in the table of parts is refused, and does not pass for an absent one', async () => {
  const strings = {
    name: 'xl/sharedStrings.xml',
    listedAs: 'xl/sharedStringz.xml',
    content: Buffer.from('<sst/>'),
  };
  assert.match(
    await refusalOf(zip([...goodParts(), strings])),
    /xl\/sharedStringz\.xml has another name in its own place/,
  );
});

test('a cell whose place does not agree with its row is refused', async () => {
  const placed = GOOD_XML.replace(/<c r="A2"([^>]*)>/, '<c r="A9"$1><f>1+1</f>');
  assert.match(
    await refusalOf(workbookOfXml(placed)),
    /row 2: found a cell with the reference "A9" in this row/,
  );
});

test('a million rows in one sheet are read, within a gigabyte', () => {
  const folder = mkdtempSync(join(tmpdir(), 'million-'));
  try {
    const workbook = join(folder, 'million.xlsx');
    writeFileSync(workbook, workbookOfXml(millionRows(MALLS)));
    // In a process of its own: its peak memory is measured, without the runner's hooks and this test's strings.
    const script = fileURLToPath(new URL('./read-million.ts', import.meta.url));
    const child = spawnSync(process.execPath, [script, workbook, String(MALLS)], {
      encoding: 'utf8',
      timeout: LONGEST_PROCESS_MS,
    });
    assert.equal(child.status, 0, child.stderr);
    const { values, peakBytes } = JSON.parse(child.stdout) as { values: number; peakBytes: number };
    assert.equal(values, 1_000_000);
    assert.ok(peakBytes < 1024 * MEBIBYTE, `${peakBytes} bytes`);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

/** One row for each of `malls` sites and the days of 2024, a million in all. */
function millionRows(malls: number): string {
  const rows: string[] = [
    '<worksheet><sheetData><row r="1">',
    ...LONG_HEADER.map(
      (word, at) => `<c r="${'ABC'[at]}1" t="inlineStr"><is><t>${String(word)}</t></is></c>`,
    ),
    '</row>',
  ];
  const firstSerial = 45_292;
  for (let index = 0; index < 1_000_000; index += 1) {
    const row = index + 2;
    const serial = firstSerial + Math.floor(index / malls);
    rows.push(
      `<row r="${row}"><c r="A${row}"><v>${index % malls}</v></c><c r="B${row}" s="1"><v>${serial}</v></c>`,
      `<c r="C${row}"><v>${index % 997}</v></c></row>`,
    );
  }
  return `${rows.join('')}</sheetData></worksheet>`;
}
