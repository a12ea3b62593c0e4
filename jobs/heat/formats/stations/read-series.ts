// Reads the daily temperatures of a station in the text format of ECA&D, of its three generations.
import { utcTime } from '../dates.ts';
import type { InputFile } from '../opened-file.ts';
import { quoted, UnusableFile } from '../unusable.ts';
import { fieldsOf, linesOf } from './lines.ts';

export type Element = 'TX' | 'TN' | 'TG';

export interface StationSeries {
  /** The number of the station, `STAID`. */
  readonly station: number;
  /** Maximum, minimum or mean of the day. */
  readonly element: Element;
  /** Midnight UTC of each day, ms since 1970, ascending; days may be missing. */
  readonly days: readonly number[];
  /** °C; NaN where missing or suspect. */
  readonly values: Float64Array;
  readonly missing: number;
  readonly suspect: number;
}

const STATION = /\(STAID:\s*(\d+)\)/;
const NUMBER = /^-?\d{1,6}$/;
const [VALID, SUSPECT, MISSING] = ['0', '1', '9'];
const MISSING_VALUE = -9999;
const MOST_HEADER_LINES = 60;
/** Colder and warmer than any station has measured, in tenths of a degree. */
const [COLDEST, WARMEST] = [-950, 650];

/** Throws `UnusableFile`, which names the line. */
export function readStationSeries(input: InputFile): StationSeries {
  const lines = linesOf(input);
  const refuse = (line: number, found: string, expected: string): never => {
    throw new UnusableFile({ file: input.name, place: `line ${line}`, found, expected });
  };
  const header = headerOf(lines);
  if (header === undefined)
    return refuse(1, quoted(lines[0] ?? ''), 'column names SOUID, DATE, TX (or TN, TG), Q_TX');
  const station = lines
    .slice(0, header.line)
    .map((line) => STATION.exec(line)?.[1])
    .find((id) => id !== undefined);
  const rows = readRows(lines, header, refuse);
  const named = station ?? rows.station;
  if (named === undefined) return refuse(header.line, 'no "(STAID: …)"', 'the number of the station');
  if (rows.days.length === 0) return refuse(header.line + 1, 'no day', 'at least one day');
  return { ...rows, station: Number(named), element: header.element, values: Float64Array.from(rows.values) };
}

interface Header {
  /** Counted from 1. */
  readonly line: number;
  readonly columns: readonly string[];
  readonly element: Element;
}

function headerOf(lines: readonly string[]): Header | undefined {
  const at = lines.slice(0, MOST_HEADER_LINES).findIndex((line) => fieldsOf(line).includes('DATE'));
  const columns = fieldsOf(lines[at] ?? '');
  const element = (['TX', 'TN', 'TG'] as const).find((name) => columns.includes(name));
  const isKnown = element !== undefined && ['SOUID', `Q_${element}`].every((name) => columns.includes(name));
  return isKnown ? { line: at + 1, columns, element } : undefined;
}

type Refuse = (line: number, found: string, expected: string) => never;

function readRows(lines: readonly string[], { line: start, columns, element }: Header, refuse: Refuse) {
  const column = (name: string) => columns.indexOf(name);
  const [date, value, quality, id] = [
    column('DATE'),
    column(element),
    column(`Q_${element}`),
    column('STAID'),
  ];
  const days: number[] = [];
  const values: number[] = [];
  let [missing, suspect] = [0, 0];
  let station: string | undefined;
  for (let at = start; at < lines.length; at++) {
    const line = lines[at]!;
    if (line.trim() === '') continue;
    const fields = fieldsOf(line);
    if (fields.length !== columns.length) refuse(at + 1, quoted(line), `${columns.length} fields`);
    const day = dayOf(fields[date]!);
    if (day === undefined) return refuse(at + 1, `the date ${quoted(fields[date]!)}`, 'YYYYMMDD');
    if (days.length > 0 && day <= days.at(-1)!)
      refuse(at + 1, `the date ${fields[date]}`, 'a later day than above');
    const flag = fields[quality]!;
    if (![VALID, SUSPECT, MISSING].includes(flag)) refuse(at + 1, `quality ${quoted(flag)}`, '0, 1 or 9');
    const tenths = NUMBER.test(fields[value]!) ? Number(fields[value]) : NaN;
    const isMissing = flag === MISSING || tenths === MISSING_VALUE;
    if (!isMissing && flag === VALID && !(tenths >= COLDEST && tenths <= WARMEST))
      refuse(at + 1, `${element} ${quoted(fields[value]!)}`, 'tenths of °C, -950 to 650, or -9999');
    station ??= id === -1 ? undefined : fields[id];
    if (id !== -1 && fields[id] !== station) refuse(at + 1, `station ${fields[id]}`, `station ${station}`);
    days.push(day);
    values.push(isMissing || flag === SUSPECT ? NaN : tenths / 10);
    if (isMissing) missing++;
    else if (flag === SUSPECT) suspect++;
  }
  return { days, values, missing, suspect, station };
}

function dayOf(text: string): number | undefined {
  if (!/^\d{8}$/.test(text)) return undefined;
  return utcTime(Number(text.slice(0, 4)), Number(text.slice(4, 6)), Number(text.slice(6)));
}
