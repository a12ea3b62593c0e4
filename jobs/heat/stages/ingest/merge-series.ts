// Reads one variable of several files, a month in each for example, as one series.
import { boundValues, LIMITS } from '../../formats/limits.ts';
import { readSeries } from '../../formats/read-series.ts';
import { isOtherVariable, UnusableFile } from '../../formats/unusable.ts';
import { inKelvin } from '../../formats/values.ts';
import type { VariableName } from '../../formats/variables.ts';
import type { RawFile } from '../../input/raw-files.ts';
import type { Box } from '../../raster/axes.ts';
import type { Series } from '../../raster/grid.ts';

interface Part {
  readonly file: string;
  readonly series: Series;
}

/** Files without the variable are left out; where none has it, the first one's problem is thrown. */
export async function readMerged(
  files: readonly RawFile[],
  variable: VariableName,
  within?: Box,
): Promise<Series> {
  const parts: Part[] = [];
  let lacking: UnusableFile | undefined;
  for (const file of files) {
    try {
      const series = await readSeries(file, { variable, ...(within === undefined ? {} : { within }) });
      parts.push({ file: file.name, series: series.units === '°C' ? inKelvin(series) : series });
    } catch (error) {
      if (!(error instanceof UnusableFile) || !isOtherVariable(error.problem)) throw error;
      lacking ??= error;
    }
  }
  if (parts.length > 0) return merged(parts);
  throw lacking ?? new RangeError('no files to read');
}

function merged(parts: readonly Part[]): Series {
  const [first, ...others] = parts as [Part, ...Part[]];
  if (others.length === 0) return first.series;
  const { grid, units } = first.series;
  for (const { file, series } of others) {
    const refuse = (place: string, found: string): never => {
      throw new UnusableFile({ file, place, found, expected: `the same as in ${first.file}` });
    };
    if (JSON.stringify(series.grid) !== JSON.stringify(grid)) refuse('grid', shownGrid(series.grid));
    if (series.units !== units) refuse(`variable ${series.name}`, `the unit "${series.units}"`);
  }
  const cells = grid.columns * grid.rows;
  const count = parts.reduce((sum, { series }) => sum + series.hours.length, 0);
  boundValues(
    { file: first.file, place: `${first.series.name} of ${parts.length} files` },
    count,
    cells,
    LIMITS.mostValues,
  );
  const hours = parts
    .flatMap(({ file, series }) => series.hours.map((time, at) => ({ file, time, series, at })))
    .sort((one, other) => one.time - other.time);
  hours.forEach(({ file, time }, at) => {
    if (hours[at - 1]?.time !== time) return;
    const found = `${new Date(time).toISOString()}, which ${hours[at - 1]!.file} has as well`;
    throw new UnusableFile({ file, place: 'times', found, expected: 'every hour in one file' });
  });
  const values = new Float32Array(hours.length * cells);
  hours.forEach(({ series, at }, index) =>
    values.set(series.values.subarray(at * cells, (at + 1) * cells), index * cells),
  );
  return { ...first.series, hours: hours.map(({ time }) => time), values };
}

const shownGrid = ({ rows, columns, transform: [a, , c, , e, f] }: Series['grid']): string =>
  `${rows} × ${columns} cells of ${a} × ${Math.abs(e)} from ${c}, ${f}`;
