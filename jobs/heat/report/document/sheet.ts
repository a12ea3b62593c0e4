// A document of A4 sheets that is written from top to bottom: headings, paragraphs, tables and boxes to draw in.
import PDFDocument from 'pdfkit';
import { printable } from './printable.ts';

export interface About {
  readonly title: string;
  readonly language: string;
  /** The only time in the document: the same input gives the same bytes. */
  readonly madeAt: Date;
  readonly pageOf: (page: number, pages: number) => string;
}

export interface TableColumn<Row> {
  readonly head: string;
  readonly cell: (row: Row) => string;
  /** Of the width of the sheet. */
  readonly share: number;
  readonly isNumber?: boolean;
}

/** In points, from the upper left corner of the sheet. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

type Document = InstanceType<typeof PDFDocument>;

export const INKS = {
  text: '#33383f',
  strong: '#14171b',
  quiet: '#6b737d',
  grid: '#dfe2e6',
  model: '#1c6fd1',
  warm: '#c2563f',
  base: '#8a939e',
} as const;
const [MARGIN, FOOTER] = [48, 30];
const [REGULAR, BOLD] = ['Helvetica', 'Helvetica-Bold'];
const PADDING = 3;
const LEAST_TABLE = 60;

export class Sheet {
  readonly document: Document;
  readonly #chunks: Uint8Array[] = [];
  readonly #ended: Promise<void>;
  readonly #about: About;

  constructor(about: About) {
    this.#about = about;
    const { title, language, madeAt } = about;
    this.document = new PDFDocument({
      size: 'A4',
      margins: { top: MARGIN, left: MARGIN, right: MARGIN, bottom: MARGIN + FOOTER },
      bufferPages: true,
      lang: language,
      displayTitle: true,
      info: {
        Title: printable(title),
        Producer: 'Sluice',
        Creator: 'Sluice',
        CreationDate: madeAt,
        ModDate: madeAt,
      },
    });
    this.document.on('data', (chunk: Uint8Array) => this.#chunks.push(chunk));
    this.#ended = new Promise((resolve, reject) => {
      this.document.once('end', resolve);
      this.document.once('error', reject);
    });
  }

  get width(): number {
    return this.document.page.width - 2 * MARGIN;
  }

  get #bottom(): number {
    return this.document.page.height - MARGIN - FOOTER;
  }

  /** `next` is the height of what must stand on the same sheet below it. */
  heading(text: string, size: 20 | 13 | 10, next = LEAST_TABLE): void {
    this.room(size * 3 + next);
    if (size < 20) this.document.y += size * 0.9;
    this.#line(text, { font: BOLD, size, ink: INKS.strong });
    this.document.y += 3;
  }

  paragraph(text: string): void {
    this.#line(text, { font: REGULAR, size: 9.5, ink: INKS.text });
    this.document.y += 4;
  }

  #line(text: string, { font, size, ink }: { font: string; size: number; ink: string }): void {
    this.document.font(font).fontSize(size).fillColor(ink);
    this.document.text(printable(text), MARGIN, this.document.y, { width: this.width, lineGap: 1.5 });
  }

  /** A new sheet where less than `height` is left of this one. */
  room(height: number): void {
    if (this.document.y + height > this.#bottom) this.document.addPage();
  }

  /** A row of boxes of one height to draw in; the text goes on below them. */
  boxes(count: number, height: number, gap = 14): readonly Box[] {
    this.room(height);
    const { y } = this.document;
    const width = (this.width - (count - 1) * gap) / count;
    this.document.y = y + height;
    return Array.from({ length: count }, (_, at) => ({ x: MARGIN + at * (width + gap), y, width, height }));
  }

  /** Text within a box, which does not move where the text below goes on. */
  label(
    text: string,
    box: Omit<Box, 'height'>,
    look: { size?: number; bold?: boolean; ink?: string; align?: 'left' | 'center' | 'right' } = {},
  ): void {
    const { y } = this.document;
    const { size = 7, bold = false, ink = INKS.text, align = 'left' } = look;
    this.document
      .font(bold ? BOLD : REGULAR)
      .fontSize(size)
      .fillColor(ink);
    this.document.text(printable(text), box.x, box.y, { width: box.width, align, lineGap: 1 });
    this.document.y = y;
  }

  table<Row>(columns: readonly TableColumn<Row>[], rows: readonly Row[]): void {
    const heads = columns.map(({ head }) => head);
    // A row at least stands below the heads.
    this.room(LEAST_TABLE);
    this.#row(columns, heads, true);
    for (const row of rows)
      this.#row(
        columns,
        columns.map(({ cell }) => cell(row)),
        false,
        heads,
      );
    this.document.y += 6;
  }

  #row<Row>(
    columns: readonly TableColumn<Row>[],
    cells: readonly string[],
    isHead: boolean,
    heads?: readonly string[],
  ): void {
    const { document } = this;
    document.font(isHead ? BOLD : REGULAR).fontSize(8.5);
    const texts = cells.map(printable);
    const widths = columns.map(({ share }) => share * this.width);
    const heights = texts.map((text, at) =>
      document.heightOfString(text, { width: widths[at]! - 2 * PADDING }),
    );
    const height = Math.max(...heights) + 2 * PADDING;
    if (document.y + height > this.#bottom) {
      document.addPage();
      if (heads !== undefined) this.#row(columns, heads, true);
    }
    const top = document.y;
    let x = MARGIN;
    document
      .font(isHead ? BOLD : REGULAR)
      .fontSize(8.5)
      .fillColor(isHead ? INKS.strong : INKS.text);
    columns.forEach(({ isNumber = false }, at) => {
      const width = widths[at]! - 2 * PADDING;
      document.text(texts[at]!, x + PADDING, top + PADDING, { width, align: isNumber ? 'right' : 'left' });
      x += widths[at]!;
    });
    document.y = top + height;
    document.moveTo(MARGIN, document.y).lineTo(MARGIN + this.width, document.y);
    document
      .lineWidth(0.5)
      .strokeColor(isHead ? INKS.base : INKS.grid)
      .stroke();
  }

  async end(): Promise<Buffer> {
    const { start, count } = this.document.bufferedPageRange();
    for (let page = start; page < start + count; page++) {
      this.document.switchToPage(page);
      // Below the margin the library would begin a new page.
      this.document.page.margins.bottom = 0;
      const y = this.document.page.height - MARGIN;
      const box = { x: MARGIN, y, width: this.width };
      this.label(this.#about.title, box, { ink: INKS.quiet });
      this.label(this.#about.pageOf(page + 1, count), box, { ink: INKS.quiet, align: 'right' });
    }
    this.document.end();
    await this.#ended;
    return Buffer.concat(this.#chunks);
  }
}
