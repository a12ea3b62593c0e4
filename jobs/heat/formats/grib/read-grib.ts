// Reads one variable of a GRIB file, of edition 1 or 2, as a series of hours on one grid.
import { axesOf, type Box, type Layout } from '../../raster/axes.ts';
import type { Series } from '../../raster/grid.ts';
import { boundTimes, boundValues, LIMITS, type Limits } from '../limits.ts';
import { OpenedFile, type InputFile } from '../opened-file.ts';
import { listed, UnusableFile } from '../unusable.ts';
import { checkedSeries } from '../values.ts';
import { shownCode, variableOf, type Variable, type VariableName } from '../variables.ts';
import { refuseIn, type Field, type Points } from './field.ts';
import { fieldsOf, messagesOf, type MessagePlace } from './messages.ts';

export interface SeriesRequest {
  readonly variable: VariableName;
  /** Only the cells that this box touches. */
  readonly within?: Box;
  readonly limits?: Limits;
}

/** Where a field is: `index` counts the fields of its message. */
interface Found {
  readonly message: MessagePlace;
  readonly index: number;
  readonly time: number;
  readonly points: Points;
  readonly place: string;
}

/** Throws `UnusableFile`. Twice through the file: first what is there, then the values, one message at a time. */
export function readGrib(
  input: InputFile,
  { variable: name, within, limits = LIMITS }: SeriesRequest,
): Series {
  using file = new OpenedFile(input);
  const variable = variableOf(name);
  const found = inOrder(file, findFields(file, variable, limits));
  const layout = layoutOf(file, found[0]!, within);
  const { grid } = layout;
  boundValues({ file: file.name }, found.length, grid.columns * grid.rows, limits.mostValues);
  const values = valuesOf(file, found, layout, limits);
  const units = variable.isTemperature ? 'K' : variable.name === 'tp' ? 'm' : 'm/s';
  const series: Series = { grid, hours: found.map(({ time }) => time), values, units, name };
  return checkedSeries(file.name, series, variable.isTemperature);
}

/** Each message is read once, however many fields it holds. */
function valuesOf(
  file: OpenedFile,
  found: readonly Found[],
  layout: Layout,
  { mostCells }: Limits,
): Float32Array {
  const cells = layout.grid.columns * layout.grid.rows;
  const values = new Float32Array(found.length * cells);
  const hours = new Map<MessagePlace, Map<number, number>>();
  found.forEach(({ message, index }, hour) => {
    const own = hours.get(message) ?? new Map<number, number>();
    hours.set(message, own.set(index, hour));
  });
  for (const [message, own] of hours) {
    let index = 0;
    for (const field of fieldsOf(file, message, mostCells)) {
      const hour = own.get(index++);
      if (hour === undefined) continue;
      const into = values.subarray(hour * cells, (hour + 1) * cells);
      pick(field.decode(), field.points.columns, layout, into);
    }
  }
  return values;
}

function findFields(file: OpenedFile, variable: Variable, { mostCells }: Limits): Found[] {
  const found: Found[] = [];
  const others = new Set<string>();
  for (const message of messagesOf(file)) {
    let index = 0;
    for (const field of fieldsOf(file, message, mostCells)) {
      if (isOf(field, variable)) {
        found.push(foundOf(file, message, index, field));
        boundTimes({ file: file.name }, found.length);
      } else if (others.size < 100) others.add(shownCode(field.code));
      index++;
    }
  }
  if (found.length > 0) return found;
  const expected = `the variable ${variable.name}`;
  throw new UnusableFile({ file: file.name, found: listed([...others]), expected, lacksVariable: true });
}

function isOf({ edition, code, heightMetres }: Field, { edition1, edition2 }: Variable): boolean {
  if (edition === 1) return edition1.includes(code);
  return edition2.includes(code) || edition2.includes(`${code}@${heightMetres}`);
}

function foundOf(file: OpenedFile, message: MessagePlace, index: number, field: Field): Found {
  const { time, points, place, member } = field;
  if (member !== undefined && member !== 0)
    refuseIn(file.name, place)(`member ${member} of an ensemble`, 'one field for each hour');
  return { message, index, time, points, place };
}

/** Sorted by time; every hour once, and all on one grid. */
function inOrder(file: OpenedFile, found: Found[]): readonly Found[] {
  const sorted = found.toSorted((one, other) => one.time - other.time);
  const grid = JSON.stringify(sorted[0]!.points);
  sorted.forEach((each, at) => {
    const before = sorted[at - 1];
    const refuse = refuseIn(file.name, each.place);
    if (before !== undefined && before.time === each.time)
      refuse(`${new Date(each.time).toISOString()}, which ${before.place} has`, 'every hour once');
    if (JSON.stringify(each.points) !== grid)
      refuse(`another grid than ${sorted[0]!.place} has`, 'one grid for all messages');
  });
  return sorted;
}

function layoutOf(file: OpenedFile, { points, place }: Found, within: Box | undefined): Layout {
  const { columns, rows } = points;
  const axes = axesOf(
    spaced(points.firstLatitude, points.lastLatitude, rows),
    spaced(points.firstLongitude, points.lastLongitude, columns),
    within,
  );
  return axes.kind === 'layout' ? axes.layout : refuseIn(file.name, place)(axes.found, axes.expected);
}

const spaced = (first: number, last: number, count: number): number[] =>
  Array.from({ length: count }, (_, at) =>
    count === 1 ? first : first + ((last - first) * at) / (count - 1),
  );

/** Copies the cells of the layout, row by row. */
export function pick(
  from: ArrayLike<number>,
  columnsOfFile: number,
  { rows, columns }: Layout,
  into: Float32Array,
): void {
  let at = 0;
  for (const row of rows) for (const column of columns) into[at++] = from[row * columnsOfFile + column]!;
}
