// Writes known values as a workbook in one of the many ways that the format allows: all have to be read alike.
import { columnLetters } from '../../../../jobs/forecast/workbook/place.ts';
import { zip, type ZipPart } from '../workbooks.ts';
import type { Chance } from './chance.ts';

export type Known = string | number | { readonly day: string } | null;

interface Family {
  readonly main: string;
  readonly office: string;
}

const SERIAL_OF_1904 = 1462;
const MS_PER_DAY = 86_400_000;
const FAMILIES: readonly [Family, ...Family[]] = [
  {
    main: 'http://schemas.openxmlformats.org/spreadsheetml/2006/main',
    office: 'http://schemas.openxmlformats.org/officeDocument/2006/relationships',
  },
  {
    main: 'http://purl.oclc.org/ooxml/spreadsheetml/main',
    office: 'http://purl.oclc.org/ooxml/officeDocument/relationships',
  },
];

interface Writing {
  readonly chance: Chance;
  readonly strings: string[];
  readonly date1904: boolean;
  /** `x:` or nothing, in front of every tag of the sheet. */
  readonly prefix: string;
}

export function written(rows: readonly (readonly Known[])[], chance: Chance): Buffer {
  const { main, office } = chance.of(FAMILIES);
  const prefix = chance.of(['', '', 'x:']);
  const writing: Writing = { chance, strings: ['unused', ''], date1904: chance.is(3), prefix };
  const sheet = sheetXml(rows, main, writing);
  const folder = chance.of(['xl/', '', 'some/place/']);
  const book = chance.of(['workbook.xml', 'Book 1.xml', 'w']);
  const id = chance.of(['rId1', 'R1a', 'x']);
  const r = chance.of(['r', 'rel', 'q']);
  const hidden = chance.is(2) ? `<sheet name="H" sheetId="9" state="hidden" ${r}:id="rId7"/>` : '';
  const none = chance.is(3) ? `<sheet name="None" sheetId="8" state="veryHidden" ${r}:id=""/>` : '';
  const target = (name: string) => chance.of([name, `/${folder}${name}`, `./${name}`]);
  const relation = (key: string, type: string, name: string) =>
    `<Relationship Id="${key}" Type="${office}/${type}" Target="${name}"/>`;
  const relations = (inner: string) =>
    `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${inner}</Relationships>`;
  const strings = writing.strings.map((text) => `<si>${stringXml(text, '', chance)}</si>`).join('');
  const parts: [string, string][] = [
    ['[Content_Types].xml', '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'],
    ['_rels/.rels', relations(relation('a', 'officeDocument', encodeURI(folder + book)))],
    [
      folder + book,
      `<workbook xmlns="${main}" xmlns:${r}="${office}"><workbookPr date1904="${chance.of(writing.date1904 ? ['1', 'true'] : ['0', 'false'])}"/><sheets>${none}${hidden}<sheet name="Données" sheetId="1" ${r}:id="${id}"/></sheets></workbook>`,
    ],
    [
      `${folder}_rels/${book}.rels`,
      relations(
        relation(id, 'worksheet', target('s.xml')) +
          relation('rId7', 'worksheet', target('h.xml')) +
          relation('st', 'styles', target('styles.xml')) +
          relation('ss', 'sharedStrings', target('strings.xml')),
      ),
    ],
    [
      `${folder}h.xml`,
      `<worksheet xmlns="${main}"><sheetData><row><c><v>1</v></c></row></sheetData></worksheet>`,
    ],
    [
      `${folder}styles.xml`,
      `<styleSheet xmlns="${main}"><numFmts><numFmt numFmtId="170" formatCode="dd/mm/yyyy"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/></cellXfs></styleSheet>`,
    ],
    [`${folder}strings.xml`, `<sst xmlns="${main}">${strings}</sst>`],
    [`${folder}s.xml`, sheet],
  ];
  const slash = chance.is(4) ? '\\' : '/';
  const shuffled = parts.map((part) => ({ part, at: chance.below(1000) })).toSorted((a, b) => a.at - b.at);
  return zip(
    shuffled.map(({ part: [name, xml] }): ZipPart => ({
      name:
        chance.is(6) && !name.startsWith('[')
          ? name.toUpperCase().replaceAll('/', slash)
          : name.replaceAll('/', slash),
      content: encoded(xml, chance),
    })),
  );
}

function encoded(xml: string, chance: Chance): Buffer {
  const declared = (name: string) => `<?xml version="1.0" encoding="${name}" standalone='yes'?>\r\n${xml}`;
  switch (chance.below(6)) {
    case 0:
      return Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(declared('UTF-16'), 'utf16le')]);
    case 1:
      return Buffer.from(`\ufeff${xml}`);
    case 2:
      return /^[\0-\u00ff]*$/.test(xml) ? Buffer.from(declared('ISO-8859-1'), 'latin1') : Buffer.from(xml);
    default:
      return Buffer.from(chance.is(2) ? declared('UTF-8') : xml);
  }
}

function sheetXml(rows: readonly (readonly Known[])[], main: string, writing: Writing): string {
  const { chance, prefix: p } = writing;
  const ns = p === '' ? 'xmlns' : 'xmlns:x';
  const body = rows.map((cells, index) => {
    const row = index + 1;
    const reference = chance.is(3) ? '' : ` r=${quoted(String(row), chance)}`;
    const written = cells.map((cell, column) => ({ cell, place: `${columnLetters(column)}${row}` }));
    let gap = false;
    const inner = written.map(({ cell, place }) => {
      if (cell === null && chance.is(2)) {
        gap = true;
        return '';
      }
      const r = !gap && chance.is(3) ? '' : ` r=${quoted(place, chance)}`;
      gap = false;
      return noise(chance) + cellXml(cell, r, writing);
    });
    return `<${p}row${reference} spans="1:9">${inner.join('')}</${p}row>${noise(chance)}`;
  });
  const tail = chance.is(3) ? `<${p}extLst><${p}ext><${p}row r="1"/></${p}ext></${p}extLst>` : '';
  return `<${p}worksheet ${ns}="${main}" a='1 > "0"'><${p}dimension ref="A1"/><${p}sheetData>${body.join('')}</${p}sheetData>${tail}</${p}worksheet>`;
}

const quoted = (text: string, chance: Chance): string => (chance.is(3) ? `'${text}'` : `"${text}"`);

const noise = (chance: Chance): string =>
  chance.of(['', '', '', '', '\n  ', '<!-- <c r="A1"><v>9</v></c> -->', '<?x <c/> ?>']);

function cellXml(cell: Known, r: string, writing: Writing): string {
  const { chance, prefix: p } = writing;
  const typed = (type: string, style: number, value: string): string =>
    `<${p}c${r}${style === 0 ? '' : ` s="${style}"`}${type === '' ? '' : ` t="${type}"`}>${chance.is(8) ? `<${p}f>1+1</${p}f>` : ''}<${p}v>${value}</${p}v></${p}c>`;
  if (cell === null) {
    return chance.of([
      `<${p}c${r}/>`,
      `<${p}c${r} s="1"><${p}v> \n</${p}v></${p}c>`,
      `<${p}c${r} t="s"/>`,
      `<${p}c${r} t="s"><${p}v>1</${p}v></${p}c>`,
      `<${p}c${r} t="inlineStr"><${p}is><${p}t>\u200b</${p}t></${p}is></${p}c>`,
    ]);
  }
  if (typeof cell === 'string') return textXml(cell, r, writing);
  if (typeof cell === 'number') {
    if (chance.is(6)) return textXml(String(cell), r, writing);
    const value = chance.of([
      `${cell}`,
      `${cell}.0`,
      ` ${cell}\n`,
      `${cell}e0`,
      `<![CDATA[${cell}]]>`,
      `${cell}.`,
    ]);
    return typed(chance.of(['', 'n']), 0, value);
  }
  const serial = Date.parse(cell.day) / MS_PER_DAY + 25_569 - (writing.date1904 ? SERIAL_OF_1904 : 0);
  if (chance.is(4))
    return typed('d', 0, chance.of([cell.day, `${cell.day}T00:00:00`, `${cell.day}T00:00:00Z`]));
  if (chance.is(3))
    return textXml(chance.is(2) ? cell.day : cell.day.split('-').reverse().join('/'), r, writing);
  return typed('', chance.of([1, 2]), chance.of([`${serial}`, `${serial}.0`]));
}

/** Never as a formula: a code or a name must not be one. */
function textXml(text: string, r: string, { chance, strings, prefix: p }: Writing): string {
  if (chance.is(3)) return `<${p}c${r} t="inlineStr"><${p}is>${stringXml(text, p, chance)}</${p}is></${p}c>`;
  if (chance.is(3)) return `<${p}c${r} t="str"><${p}v>${escaped(text, chance)}</${p}v></${p}c>`;
  return `<${p}c${r} t="s"><${p}v>${strings.push(text) - 1}</${p}v></${p}c>`;
}

function stringXml(text: string, p: string, chance: Chance): string {
  if (chance.is(2)) return `<${p}t xml:space="preserve">${escaped(text, chance)}</${p}t>`;
  const at = chance.below(text.length + 1);
  const run = (piece: string) =>
    `<${p}r><${p}rPr/><${p}t xml:space="preserve">${escaped(piece, chance)}</${p}t></${p}r>`;
  return `${run(text.slice(0, at))}${run(text.slice(at))}<${p}rPh sb="0" eb="1"><${p}t>non</${p}t></${p}rPh>`;
}

const escaped = (text: string, chance: Chance): string =>
  [...text]
    .map((letter) => {
      if (letter === '&' || letter === '<') return letter === '&' ? '&amp;' : '&lt;';
      if (!chance.is(5)) return letter;
      const code = letter.codePointAt(0) ?? 0;
      return chance.of([
        `&#${code};`,
        `&#x${code.toString(16)};`,
        `<![CDATA[${letter}]]>`,
        `${letter}\u200b`,
      ]);
    })
    .join('');
