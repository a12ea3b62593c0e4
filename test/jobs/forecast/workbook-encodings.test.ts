// The bytes of a workbook: encodings and XML as declared, archives as they are written, and nothing in doubt.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import {
  edited,
  goodParts,
  goodSheet,
  GOOD_VALUES,
  readBytes,
  readParts,
  refusalIn,
  SHEET,
  valuesIn,
} from './parts.ts';
import { messagesOf, valuesOf } from './folder.ts';
import { zip, type ZipPart } from './workbooks.ts';

const sheet = (content: Buffer | string): readonly ZipPart[] =>
  goodParts().map((one) => (one.name === SHEET ? { ...one, content: Buffer.from(content as string) } : one));
const declared = (encoding: string, xml = goodSheet): string =>
  `<?xml version="1.0" encoding="${encoding}"?>${xml}`;
const utf16 = (text: string): Buffer =>
  Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]);
const bigEndian = (text: string): Buffer => Buffer.from(utf16(text)).swap16();
const withName = (name: string): string => goodSheet.replace('<sheetData', `<sheetData a="${name}"`);

for (const [what, content] of [
  ['UTF-8 with its mark', `\ufeff${declared('UTF-8')}`],
  ['UTF-8 without a declaration', withName('é')],
  ['UTF-16, little end first', utf16(declared('UTF-16', withName('é€')))],
  ['UTF-16, big end first', bigEndian(declared('utf-16', withName('é€')))],
  ['UTF-16 without a declaration', utf16(goodSheet)],
  ['ISO-8859-1', Buffer.from(declared('ISO-8859-1', withName('é')), 'latin1')],
  ['windows-1252', Buffer.from(declared('windows-1252', withName('\u0080')), 'latin1')],
  ['ASCII', declared('US-ASCII')],
] as const) {
  test(`a part in ${what} is read`, async () =>
    assert.deepEqual(await valuesIn(sheet(content)), GOOD_VALUES));
}

for (const [what, content, says] of [
  [
    'UTF-8 that is none',
    Buffer.from(withName('é'), 'latin1'),
    /whose bytes are not the utf-8 that it declares/,
  ],
  [
    'half a letter at its end',
    Buffer.concat([Buffer.from(goodSheet), Buffer.from([0xc3])]),
    /whose bytes are not the utf-8/,
  ],
  [
    'UTF-16 without its mark',
    Buffer.from(declared('UTF-16'), 'utf16le'),
    /without the byte order mark that it needs/,
  ],
  [
    'UTF-16 only by its declaration',
    declared('UTF-16'),
    /in the encoding "utf-16", which a workbook may not have/,
  ],
  [
    'a mark of UTF-16 over another declaration',
    utf16(declared('UTF-8')),
    /which is UTF-16LE and declares "utf-8"/,
  ],
  [
    'a mark of UTF-8 over another declaration',
    `\ufeff${declared('ISO-8859-1')}`,
    /which is UTF-8 and declares "iso-8859-1"/,
  ],
  ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x3c, 0, 0, 0]), /UTF-32 without the byte order mark/],
  ['ASCII that is none', declared('US-ASCII', withName('é')), /not the us-ascii that it declares/],
  [
    'ISO-8859-1 that is windows-1252',
    Buffer.from(declared('ISO-8859-1', withName('\u0080')), 'latin1'),
    /not the iso-8859-1 that it declares/,
  ],
  ['an encoding of far away', declared('Shift_JIS'), /in the encoding "shift_jis"/],
  ['half a pair of UTF-16', utf16(goodSheet.replace('A1', '\ud800')), /not the UTF-16LE that it declares/],
  ['an unknown entity', goodSheet.replace('A1', '&eacute;'), /&eacute; is no character/],
  ['a reference to no character', goodSheet.replace('A1', '&#0;'), /&#0; is no character/],
  ['a reference to half a letter', goodSheet.replace('A1', '&#xD800;'), /&#xD800; is no character/],
  ['a reference beyond all letters', goodSheet.replace('A1', '&#x110000;'), /&#x110000; is no character/],
  ['a bare &', goodSheet.replace('A1', 'A&1'), /is no character/],
  ['a control character', goodSheet.replace('A1', 'A\u00011'), /a character that XML forbids/],
  ['an attribute without quotes', goodSheet.replace('r="1"', 'r=1'), /a value without quotes/],
  ['an attribute twice', goodSheet.replace('r="1"', 'r="1" r="1"'), /two attributes r in one tag/],
  ['attributes that touch', goodSheet.replace('r="1"', 'r="1"s="1"'), /without a space between them/],
  ['text after its root', `${goodSheet}x`, /text follows the last tag/],
  ['text before its root', `x${goodSheet}`, /there is no tag/],
] as const) {
  test(`a part with ${what} is refused, with what to do`, async () => {
    const refusal = await refusalIn(sheet(content));
    assert.match(refusal, says);
    assert.match(refusal, /^2025 flux quotidiens\.xlsx: found .*open it in Excel and save it again$/);
  });
}

test('letters of several bytes are read whole wherever the pieces of a part end', async () => {
  const filler = '<extLst>' + '<a b="é€😀"/>'.repeat(90_000) + '</extLst></worksheet>';
  for (const shift of [0, 1, 2, 3]) {
    const xml = goodSheet.replace('<sheetData', `<sheetPr a="${'x'.repeat(shift)}"/><sheetData`);
    assert.deepEqual(await valuesIn(sheet(xml.replace('</worksheet>', filler))), GOOD_VALUES);
  }
});

/** The archive with each entry's sizes after its data, as a writer that streams leaves them. */
function streamed(parts: readonly ZipPart[]): Buffer {
  const plain = zip(parts);
  for (let at = plain.indexOf('PK\u0003\u0004'); at !== -1; at = plain.indexOf('PK\u0003\u0004', at + 4)) {
    plain.writeUInt16LE(8, at + 6);
    plain.fill(0, at + 14, at + 26);
  }
  return plain;
}

/** The archive with the sizes and the place of its first entry in 64 bits, and with the ZIP64 end record. */
function zip64(parts: readonly ZipPart[]): Buffer {
  const plain = zip(parts);
  const end = plain.length - 22;
  const start = plain.readUInt32LE(end + 16);
  const extra = Buffer.alloc(28);
  extra.writeUInt16LE(1, 0);
  extra.writeUInt16LE(24, 2);
  [24, 20, 42].forEach((from, index) =>
    extra.writeBigUInt64LE(BigInt(plain.readUInt32LE(start + from)), 4 + index * 8),
  );
  const nameEnd = start + 46 + plain.readUInt16LE(start + 28);
  const directory = Buffer.concat([plain.subarray(start, nameEnd), extra, plain.subarray(nameEnd, end)]);
  directory.writeUInt16LE(28, 30);
  for (const at of [20, 24, 42]) directory.writeUInt32LE(0xffffffff, at);
  const end64 = Buffer.alloc(56);
  end64.writeUInt32LE(0x06064b50, 0);
  end64.writeBigUInt64LE(BigInt(parts.length), 32);
  end64.writeBigUInt64LE(BigInt(directory.length), 40);
  end64.writeBigUInt64LE(BigInt(start), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(start + directory.length), 8);
  const last = Buffer.from(plain.subarray(end));
  last.writeUInt16LE(0xffff, 8);
  last.writeUInt16LE(0xffff, 10);
  last.writeUInt32LE(0xffffffff, 16);
  return Buffer.concat([plain.subarray(0, start), directory, end64, locator, last]);
}

const withComment = (comment: string): Buffer => {
  const plain = zip(goodParts());
  plain.writeUInt16LE(comment.length, plain.length - 2);
  return Buffer.concat([plain, Buffer.from(comment, 'latin1')]);
};

for (const [what, bytes] of [
  ['whose sizes follow the data', streamed(goodParts())],
  ['in the ZIP64 form', zip64(goodParts())],
  ['with a comment that looks like an end', withComment(`PK\u0005\u0006${'\0'.repeat(30)}`)],
] as const) {
  test(`an archive ${what} is read`, async () => {
    const reading = await readBytes(bytes);
    assert.deepEqual(valuesOf(reading), GOOD_VALUES, messagesOf(reading).join('\n'));
  });
}

const changedAt = (mark: string, offset: number, value: number): Buffer => {
  const bytes = zip(goodParts());
  const at = mark === 'end' ? bytes.length - 22 : bytes.indexOf(mark);
  bytes.writeUInt16LE(value, at + offset);
  return bytes;
};

for (const [what, bytes, says] of [
  [
    'with bytes before its first part',
    Buffer.concat([Buffer.from('MZ'), zip(goodParts())]),
    /a file of another kind/,
  ],
  [
    'with bytes after its end',
    Buffer.concat([zip(goodParts()), Buffer.alloc(10)]),
    /truncated workbook: its end is missing/,
  ],
  ['with a part less in its end record', changedAt('end', 10, 5), /a part of a split archive/],
  ['on two disks', changedAt('end', 4, 1), /a part of a split archive/],
  ['whose part is packed in two ways', changedAt('PK\u0003\u0004', 8, 0), /is described in two ways/],
  ['whose part is encrypted', changedAt('PK\u0001\u0002', 8, 1), /password-protected archive/],
  ['whose part is packed as no other', changedAt('PK\u0001\u0002', 10, 14), /method 14/],
] as const) {
  test(`an archive ${what} is refused`, async () =>
    assert.match(messagesOf(await readBytes(bytes)).join('\n'), says));
}

test('an archive with one part within another is refused', async () => {
  const inner = zip([{ name: 'a', content: Buffer.from('x') }]);
  const bytes = zip([...goodParts(), { name: 'holder.bin', content: inner }]);
  const packed = deflateRawSync(inner, { level: 1 });
  // The directory's last entry moves its own start back, onto the data of the part before it.
  const lastEntry = bytes.lastIndexOf('PK\u0001\u0002');
  const held = bytes.indexOf(packed);
  bytes.writeUInt32LE(held - 60, lastEntry + 42);
  const refusal = messagesOf(await readBytes(bytes)).join('\n');
  assert.match(refusal, /a damaged workbook: .* (is not where its table says|reaches into what follows it)/);
});

test('of two entries for the same bytes none is read', async () => {
  const parts = edited(
    [...goodParts(), { name: 'xl/worksheets/sheet2.xml', content: Buffer.from(goodSheet) }],
    {
      'xl/worksheets/sheet2.xml': (xml) => xml.replace('<v>7</v>', '<v>8</v>'),
    },
  );
  const bytes = zip(parts);
  const second = bytes.lastIndexOf('PK\u0001\u0002');
  const first = bytes.indexOf('PK\u0001\u0002');
  bytes.copy(bytes, second + 16, first + 16, first + 28);
  bytes.writeUInt32LE(bytes.readUInt32LE(first + 42), second + 42);
  assert.match(
    messagesOf(await readBytes(bytes)).join('\n'),
    /has another name in its own place|reaches into/,
  );
});

test('a damaged sheet is named before what its rows seem to hold', async () => {
  const wrong = goodSheet.replace('<v>7</v>', '<v>-7</v>').replace('</worksheet>', () => {
    return `<extLst>${'<a/>'.repeat(1000)}</extLst></worksheet>`;
  });
  const damaged = sheet(wrong).map((one) => (one.name === SHEET ? { ...one, declaredCrc32: 1 } : one));
  const messages = messagesOf(await readParts(damaged));
  assert.match(messages[0] ?? '', /the checksum of xl\/worksheets\/sheet1\.xml does not agree/);
  assert.match(messages[1] ?? '', /found the number -7/);
});
