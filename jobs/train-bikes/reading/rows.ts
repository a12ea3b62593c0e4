// One row of an export at a time: a count of an hour at a counter, or the reason why it is dropped.
import { momentOf, type Moment } from '../../../models/bikes/moment.ts';
import type { Hour } from '../../../models/bikes/observations.ts';
import { layoutOf, type Layout } from './columns.ts';
import { countOf } from './count.ts';
import type { Row } from './records.ts';
import type { DropReason } from './reasons.ts';
import type { SeriesSet } from './series.ts';
import type { Tally } from './tally.ts';

/** What a row may say of time: no counter of the city is older, and no hour is counted before it ends. */
export interface Span {
  readonly oldest: Hour;
  /** The hour in which the files were frozen. */
  readonly newest: Hour;
}

/** 22 years of hours; exports repeat each hour for every counter. */
const MOST_MOMENTS = 200_000;
const LONGEST_KEPT = 60;

export class RowSink {
  readonly #series: SeriesSet;
  readonly #tally: Tally;
  readonly #span: Span;
  readonly #moments = new Map<string, Moment>();
  /** How often a local time that is there twice has come, by counter and hour. */
  readonly #doubled = new Map<string, number>();
  #layout: Layout;
  #headers: readonly string[];

  constructor(series: SeriesSet, tally: Tally, span: Span, layout: Layout, headers: readonly string[]) {
    this.#series = series;
    this.#tally = tally;
    this.#span = span;
    this.#layout = layout;
    this.#headers = headers;
  }

  get fieldCount(): number {
    return this.#layout.fieldCount;
  }

  add({ line, fields }: Row): void {
    if (typeof fields === 'string') return this.#tally.drop(fields, line, 'the line');
    const { fieldCount, counter: counterAt, time: timeAt, count: countAt } = this.#layout;
    if (fields.length !== fieldCount)
      return this.#dropOdd('field-count', line, fields, `${fields.length} fields`);
    const count = countOf(fields[countAt]!);
    if (typeof count === 'string') return this.#dropAt(count, line, fields, countAt);
    const moment = this.#momentOf(fields[timeAt]!);
    const reason = this.#unusable(moment);
    if (reason !== undefined) return this.#dropAt(reason, line, fields, timeAt);
    const counter = this.#series.counterOf(fields[counterAt]!);
    if (counter === undefined) return this.#dropAt('no-counter', line, fields, counterAt);
    this.#keep(counter, moment as Timed, count, fields);
  }

  #keep(counter: number, moment: Timed, count: number, fields: readonly string[]): void {
    const tally = this.#tally;
    tally.forms[moment.form] += 1;
    const { coordinates } = this.#layout;
    if (coordinates !== undefined && !this.#series.addPlace(counter, fields[coordinates]!))
      tally.unknownPlaces += 1;
    const hour = moment.kind === 'doubled' ? this.#hourOf(counter, moment.hour) : moment.hour;
    const added = this.#series.add(counter, hour, count);
    if (added === 'new') tally.use(hour);
    else tally.replace(added);
  }

  /** First summer time, then winter time; an export that is pasted twice begins again. */
  #hourOf(counter: number, summer: Hour): Hour {
    const key = `${counter} ${summer}`;
    const times = this.#doubled.get(key) ?? 0;
    this.#doubled.set(key, times + 1);
    this.#tally.doubledHours += 1;
    return summer + (times % 2);
  }

  #momentOf(text: string): Moment {
    let moment = this.#moments.get(text);
    if (moment === undefined) {
      moment = momentOf(text);
      if (text.length > LONGEST_KEPT) return moment;
      if (this.#moments.size >= MOST_MOMENTS) this.#moments.clear();
      // A copy: a part of a text keeps the whole text in memory.
      this.#moments.set(Buffer.from(text).toString(), moment);
    }
    return moment;
  }

  #unusable(moment: Moment): DropReason | undefined {
    if (moment.kind === 'unreadable') return 'unreadable-time';
    if (moment.kind === 'absent') return 'no-such-hour';
    if (moment.minutes !== 0) return 'not-a-full-hour';
    const { oldest, newest } = this.#span;
    return moment.hour < oldest || moment.hour > newest ? 'time-out-of-range' : undefined;
  }

  #dropAt(reason: DropReason, line: number, fields: readonly string[], at: number): void {
    this.#dropOdd(reason, line, fields, fields[at] ?? '', this.#headers[at]);
  }

  /** A line that cannot be used may be no row at all: pasted exports have headers, totals and blank lines within. */
  #dropOdd(
    reason: DropReason,
    line: number,
    fields: readonly string[],
    found: string,
    column?: string,
  ): void {
    if (fields.every((field) => field.trim() === '')) return this.#tally.drop('blank-line', line, '');
    if (isTotal(fields)) return this.#tally.drop('total-line', line, '');
    const layout = hasHeader(fields) ? layoutOf(fields) : undefined;
    if (typeof layout === 'object') {
      // What follows has the columns of this header.
      this.#layout = layout;
      this.#headers = fields;
      return this.#tally.drop('repeated-header', line, '');
    }
    this.#tally.drop(reason, line, found, column);
  }
}

type Timed = Extract<Moment, { kind: 'hour' | 'doubled' }>;

const TOTAL = /^(?:grand |sous-?)?total(?:\b|_)/;
const isTotal = (fields: readonly string[]): boolean => {
  const first = fields.find((field) => field.trim() !== '') ?? '';
  return first.length < 40 && TOTAL.test(first.trim().toLowerCase());
};
/** Not every odd row is compared with a header letter by letter. */
const HEADER_LIKE = /^\W*(?:nom|comptage)[ _]/i;
const hasHeader = (fields: readonly string[]): boolean => fields.some((field) => HEADER_LIKE.test(field));
