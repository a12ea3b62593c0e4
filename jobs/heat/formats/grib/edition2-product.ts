// What a field of GRIB edition 2 is, and when (sections 1 and 4): at a time, or over an interval, of one run or a member.
import { utcTime } from '../dates.ts';
import { signed } from './bits.ts';
import { validTime, type Refuse } from './field.ts';
import { unitsOfTime } from './units.ts';

export interface Product {
  /** Category and number. */
  readonly parameter: string;
  readonly heightMetres: number | undefined;
  readonly member: number | undefined;
  readonly time: number;
}

const UNIT_MS = unitsOfTime(13);
/** Where the end of the interval stands; undefined for a field at one time. */
const INTERVAL_END: ReadonlyMap<number, number | undefined> = new Map([
  [0, undefined],
  [1, undefined],
  [8, 34],
  [11, 37],
]);
const MEMBER_TEMPLATES = new Set([1, 11]);
const HEIGHT_ABOVE_GROUND = 103;

export function productOf(section: Buffer, reference: number, refuse: Refuse): Product {
  const template = section.readUInt16BE(7);
  if (!INTERVAL_END.has(template))
    refuse(`product template 4.${template}`, 'templates 4.0, 4.1, 4.8 or 4.11');
  const end = INTERVAL_END.get(template);
  const least = end === undefined ? 34 : end + 7;
  if (section.length < least) refuse(`a section 4 of ${section.length} bytes`, `at least ${least} bytes`);
  return {
    parameter: `${section[9]}.${section[10]}`,
    heightMetres: heightOf(section),
    member: MEMBER_TEMPLATES.has(template) ? section[35] : undefined,
    time:
      end === undefined
        ? validTime(reference + forecastMs(section, refuse), refuse)
        : dateAt(section, end, refuse),
  };
}

export const referenceTime = (section: Buffer, refuse: Refuse): number => dateAt(section, 12, refuse);

function dateAt(section: Buffer, at: number, refuse: Refuse): number {
  const year = section.readUInt16BE(at);
  const [month, day, hour, minute, second] = [...section.subarray(at + 2, at + 7)] as [
    ...[number, number, number, number, number],
  ];
  const time = utcTime(year, month, day, hour, minute, second);
  if (time === undefined)
    return refuse(`the date ${year}-${month}-${day}, ${hour}:${minute}:${second}`, 'a date of the calendar');
  return validTime(time, refuse);
}

function forecastMs(section: Buffer, refuse: Refuse): number {
  const steps = signed(section.readUInt32BE(18), 4);
  const unit = UNIT_MS.get(section[17]!);
  if (unit === undefined && steps !== 0) return refuse(`time unit ${section[17]}`, 'minutes, hours or days');
  return steps * (unit ?? 0);
}

function heightOf(section: Buffer): number | undefined {
  if (section[22] !== HEIGHT_ABOVE_GROUND) return undefined;
  return section.readUInt32BE(24) / 10 ** signed(section[23]!, 1);
}
