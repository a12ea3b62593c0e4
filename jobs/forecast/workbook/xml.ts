// Walks the tags of an XML part and holds it to being well formed: a sheet that breaks off must not pass
// for a shorter one.
import { UnusableWorkbook } from './unusable.ts';

const LESS = 60;
const GREATER = 62;
const SLASH = 47;
const BANG = 33;
const QUESTION = 63;
const COLON = 58;
const SPACE = 32;
const DOUBLE_QUOTE = 34;
const DEEPEST = 64;

export interface Tag {
  /** The name, without its namespace prefix. */
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/**
 * Calls `onOpen(nameStart, nameEnd, tagEnd)` with offsets into `xml`, for speed: a sheet has millions of
 * tags, and few are of interest. The name's namespace prefix is left out. Throws `UnusableWorkbook`.
 */
export function walkTags(
  xml: Buffer,
  part: string,
  onOpen: (nameStart: number, nameEnd: number, tagEnd: number) => void,
): void {
  const broken = (what: string) => new UnusableWorkbook(`malformed XML in ${part}: ${what}`);
  const starts = new Int32Array(DEEPEST);
  const ends = new Int32Array(DEEPEST);
  let depth = 0;
  let roots = 0;
  let at = xml.indexOf(LESS);
  while (at !== -1) {
    const next = xml[at + 1];
    let end: number;
    if (next === QUESTION) {
      end = endOf(xml, '?>', at);
    } else if (next === BANG) {
      end = endOfBang(xml, at, broken);
    } else {
      end = endOfTag(xml, at);
    }
    if (end === -1) throw broken('it breaks off inside a tag');
    if (next === SLASH) {
      depth -= 1;
      if (depth < 0) throw broken('a tag is closed that was never opened');
      const nameEnd = nameEndOf(xml, at + 2, end);
      if (!sameBytes(xml, starts[depth] ?? 0, ends[depth] ?? 0, at + 2, nameEnd)) {
        throw broken(`<${xml.toString('latin1', starts[depth], ends[depth])}> is not closed`);
      }
    } else if (next !== BANG && next !== QUESTION) {
      const nameEnd = nameEndOf(xml, at + 1, end);
      if (nameEnd === at + 1) throw broken('a tag has no name');
      if (depth === 0) roots += 1;
      if (roots > 1) throw broken('there is more than one root');
      onOpen(withoutPrefix(xml, at + 1, nameEnd), nameEnd, end);
      if (xml[end - 1] !== SLASH) {
        if (depth === DEEPEST) throw broken(`tags are nested more than ${DEEPEST} deep`);
        starts[depth] = at + 1;
        ends[depth] = nameEnd;
        depth += 1;
      }
    }
    at = xml.indexOf(LESS, end);
  }
  if (depth > 0)
    throw broken(`<${xml.toString('latin1', starts[depth - 1], ends[depth - 1])}> is not closed`);
  if (roots === 0) throw broken('there is no tag');
}

/** All opening tags of a small part, in order. Throws `UnusableWorkbook`. */
export function tagsOf(xml: Buffer, part: string): readonly Tag[] {
  const tags: Tag[] = [];
  walkTags(xml, part, (start, end, tagEnd) => {
    tags.push({ name: xml.toString('utf8', start, end), attributes: attributesOf(xml, end, tagEnd) });
  });
  return tags;
}

/** The attributes written between two offsets, without their namespace prefixes. */
export function attributesOf(xml: Buffer, from: number, to: number): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const match of xml.toString('utf8', from, to).matchAll(/([\w.:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)) {
    const name = match[1] ?? '';
    attributes[name.slice(name.indexOf(':') + 1)] = unescapeText(match[2] ?? match[3] ?? '');
  }
  return attributes;
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

const unescapeText = (text: string): string =>
  text.replace(/&(#x[0-9a-fA-F]{1,6}|#\d{1,7}|[a-z]{2,4});/g, (whole, entity: string) => {
    if (!entity.startsWith('#')) return ENTITIES[entity] ?? whole;
    const code = entity[1] === 'x' ? Number.parseInt(entity.slice(2), 16) : Number(entity.slice(1));
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });

const endOf = (xml: Buffer, mark: string, from: number): number => {
  const found = xml.indexOf(mark, from);
  return found === -1 ? -1 : found + mark.length - 1;
};

function endOfBang(xml: Buffer, at: number, broken: (what: string) => Error): number {
  if (xml.toString('latin1', at, at + 4) === '<!--') return endOf(xml, '-->', at);
  if (xml.toString('latin1', at, at + 9) === '<![CDATA[') return endOf(xml, ']]>', at);
  throw broken('a document type is declared, which workbooks never do');
}

/** A `>` inside an attribute's quotes does not end the tag. */
function endOfTag(xml: Buffer, at: number): number {
  let end = xml.indexOf(GREATER, at);
  while (end !== -1 && isInsideQuotes(xml, at, end)) end = xml.indexOf(GREATER, end + 1);
  return end;
}

function isInsideQuotes(xml: Buffer, from: number, to: number): boolean {
  let quotes = 0;
  for (let at = from; at < to; at += 1) if (xml[at] === DOUBLE_QUOTE) quotes += 1;
  return quotes % 2 === 1;
}

function nameEndOf(xml: Buffer, from: number, to: number): number {
  let at = from;
  while (at < to && (xml[at] ?? 0) > SPACE && xml[at] !== SLASH) at += 1;
  return at;
}

function withoutPrefix(xml: Buffer, from: number, to: number): number {
  for (let at = from; at < to; at += 1) if (xml[at] === COLON) return at + 1;
  return from;
}

function sameBytes(xml: Buffer, from: number, to: number, otherFrom: number, otherTo: number): boolean {
  if (to - from !== otherTo - otherFrom) return false;
  for (let index = 0; index < to - from; index += 1) {
    if (xml[from + index] !== xml[otherFrom + index]) return false;
  }
  return true;
}
