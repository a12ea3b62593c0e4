// Breaks a good workbook: its bytes, its parts, the XML of a part, or the cells of its sheet.
import type { ZipPart } from '../workbooks.ts';
import { zip } from '../workbooks.ts';
import type { Chance } from './chance.ts';

const VALUES: readonly [string, ...string[]] = [
  '',
  ' ',
  '-1',
  '0x10',
  '1e400',
  '99999999999999999999',
  'NaN',
  '#REF!',
  '&#0;',
  '&x;',
  '<v>1</v>',
  '\u202e\u001b',
  '=1+1',
  '2025-01-01',
  '1'.repeat(50_000),
];
const TOKENS: readonly [string, ...string[]] = [
  '<c>',
  '</c>',
  '<c r="XFD1048576"><v>1</v></c>',
  '<row r="1048576"/>',
  '<v>',
  '</row>',
  '<!--',
  '-->',
  '<![CDATA[',
  ']]>',
  '<?',
  '<!DOCTYPE a>',
  '<is><t>x</t></is>',
  '<f>1</f>',
  '<x:y xmlns:x="u">',
  '&amp;',
  '"',
  "'",
  '>',
  '<',
  '\u0000',
  '<a '.repeat(100),
];
const ATTRIBUTES: readonly [string, ...string[]] = [
  '',
  ' ',
  'A0',
  'XFE1',
  'a1',
  '-1',
  '1048577',
  's',
  'e',
  'rId1',
  '..',
  '\\',
  'x'.repeat(3000),
];

/** One to four breaks of one kind. */
export function broken(parts: readonly ZipPart[], chance: Chance): Buffer {
  const times = 1 + chance.below(4);
  switch (chance.below(4)) {
    case 0: {
      let bytes = zip(parts);
      for (let time = 0; time < times; time += 1) bytes = brokenBytes(bytes, chance);
      return bytes;
    }
    case 1: {
      let broken = parts;
      for (let time = 0; time < times; time += 1) broken = brokenParts(broken, chance);
      return zip(broken);
    }
    default: {
      const changed = chance.below(parts.length);
      return zip(
        parts.map((part, index) => {
          if (index !== changed) return part;
          let xml = part.content.toString();
          for (let time = 0; time < times; time += 1) xml = brokenXml(xml, chance);
          return { ...part, content: Buffer.from(xml) };
        }),
      );
    }
  }
}

function brokenBytes(bytes: Buffer, chance: Chance): Buffer {
  // A break before this one may have left nothing to break.
  if (bytes.length === 0) return bytes;
  const at = chance.below(bytes.length);
  const end = Math.min(bytes.length, at + 1 + chance.below(40));
  switch (chance.below(4)) {
    case 0:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(end)]);
    case 1:
      return Buffer.concat([bytes.subarray(0, end), bytes.subarray(at)]);
    case 2:
      return bytes.subarray(0, at);
    default: {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(chance.below(256), at);
      return changed;
    }
  }
}

function brokenParts(parts: readonly ZipPart[], chance: Chance): readonly ZipPart[] {
  const at = chance.below(parts.length);
  const other = parts[chance.below(parts.length)] ?? parts[0];
  return parts.flatMap((part, index) => {
    if (index !== at || other === undefined) return [part];
    switch (chance.below(8)) {
      case 0:
        return [];
      case 1:
        return [part, part];
      case 2:
        return [{ ...part, name: part.name.toUpperCase() }];
      case 3:
        return [{ ...part, name: other.name }];
      case 4:
        return [{ ...part, content: other.content }];
      case 5:
        return [{ ...part, declaredBytes: chance.below(1 << 20) }];
      case 6:
        return [{ ...part, declaredCrc32: chance.below(1 << 30) }];
      default:
        return [{ ...part, content: Buffer.from(part.content.toString(), 'utf16le') }];
    }
  });
}

function brokenXml(xml: string, chance: Chance): string {
  const tokens = xml.split(/(<[^>]*>)/).filter((token) => token !== '');
  const at = chance.below(Math.max(1, tokens.length));
  const token = tokens[at] ?? '';
  const other = tokens[chance.below(Math.max(1, tokens.length))] ?? '';
  const replacements: readonly [() => string[], ...(() => string[])[]] = [
    () => [],
    () => [token, token],
    () => [other, token],
    () => [other],
    () => [token, chance.of(TOKENS)],
    () => [token.replace(/"[^"]*"/, () => `"${chance.of(ATTRIBUTES)}"`)],
    () => [token.replace(/ [\w:]+=/, (name) => `${name}"1" ${name.trim()}`)],
    () => [token.startsWith('<') ? token : chance.of(VALUES)],
    () => [token.slice(0, chance.below(token.length + 1))],
  ];
  return tokens.toSpliced(at, 1, ...chance.of(replacements)()).join('');
}
