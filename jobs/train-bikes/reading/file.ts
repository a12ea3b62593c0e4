// Reads one export as a stream: bytes, text, lines, rows; its counts go into the series.
import type { Readable } from 'node:stream';
import { bytesOf, type Bounds } from './bytes.ts';
import { headerOf } from './columns.ts';
import { textOf, type Encoding } from './encoding.ts';
import { LineSplitter, LONGEST_LINE } from './lines.ts';
import { RowReader } from './records.ts';
import { RowSink, type Span } from './rows.ts';
import type { SeriesSet } from './series.ts';
import { Tally } from './tally.ts';
import { unusable } from './unusable.ts';

export interface ExportFile {
  readonly name: string;
  /** A new stream of the file's bytes. */
  readonly open: () => Readable;
}

export interface ReadFile {
  readonly name: string;
  readonly tally: Tally;
  readonly encoding: Encoding;
  readonly separator: string;
}

/** Excel's own first line, which says what the separator is. */
const SEPARATOR_LINE = /^"?sep=.?"?$/i;
/** Blank lines before the header. */
const MOST_LINES_BEFORE = 20;
/** Five times the largest export that is expected; a minute of work. */
const MOST_LINES = 50_000_000;

/** Throws `UnusableFile` where there is no stream of rows at all. */
export async function readFile(
  { name, open }: ExportFile,
  series: SeriesSet,
  span: Span,
  bounds?: Bounds,
): Promise<ReadFile> {
  const encoding: Encoding = { name: 'UTF-8', latin1Lines: 0 };
  const splitter = new LineSplitter();
  const reader = new FileReader(series, span);
  for await (const text of textOf(bytesOf(open, bounds), encoding)) reader.read(splitter.push(text), false);
  reader.read(splitter.end(), true);
  return { name, tally: reader.tally, encoding, separator: reader.separator };
}

class FileReader {
  readonly tally = new Tally();
  readonly #series: SeriesSet;
  readonly #span: Span;
  /** Lines before the body, with the header. */
  #line = 0;
  #lines = 0;
  #body: { readonly rows: RowReader; readonly sink: RowSink; readonly separator: string } | undefined;

  constructor(series: SeriesSet, span: Span) {
    this.#series = series;
    this.#span = span;
  }

  get separator(): string {
    return this.#body?.separator ?? '';
  }

  read(lines: readonly string[], isLast: boolean): void {
    this.#lines += lines.length;
    if (this.#lines > MOST_LINES) throw unusable(`over ${MOST_LINES} lines`, 'fewer');
    let at = 0;
    while (this.#body === undefined && at < lines.length) {
      this.#line += 1;
      this.#readBeforeBody(lines[at]!);
      at += 1;
    }
    if (this.#body === undefined) {
      if (isLast)
        throw unusable(this.#line === 0 ? 'an empty file' : 'blank lines alone', 'a header and rows');
      return;
    }
    const { rows, sink } = this.#body;
    for (const row of rows.rowsOf(at === 0 ? lines : lines.slice(at), isLast)) {
      sink.add(row);
      rows.fieldCount = sink.fieldCount;
    }
  }

  #readBeforeBody(line: string): void {
    if (line.trim() === '' || SEPARATOR_LINE.test(line.trim())) {
      if (this.#line > MOST_LINES_BEFORE)
        throw unusable(`no header in the first ${MOST_LINES_BEFORE} lines`, 'a header', { row: this.#line });
      return;
    }
    if (line.length > LONGEST_LINE)
      throw unusable(`a first line of over ${LONGEST_LINE} characters`, 'a header', { row: this.#line });
    const header = headerOf(line);
    if (header.kind === 'unusable') throw unusable(header.found, header.expected, { row: this.#line });
    const { separator, layout, headers } = header;
    this.#body = {
      rows: new RowReader(separator, layout.fieldCount, this.#line + 1),
      sink: new RowSink(this.#series, this.tally, this.#span, layout, headers),
      separator,
    };
  }
}
