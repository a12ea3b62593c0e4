// The grid of GRIB edition 2 (section 3): template 3.0, regular latitudes and longitudes.
import { boundLayer } from '../limits.ts';
import { signed } from './bits.ts';
import { eastwards, rowByRow, type Points, type Refuse } from './field.ts';

const TEMPLATES = new Map([
  [1, 'rotated latitudes and longitudes'],
  [10, 'Mercator'],
  [12, 'transverse Mercator'],
  [20, 'polar stereographic'],
  [30, 'Lambert conformal'],
  [40, 'Gaussian latitudes'],
  [50, 'spherical harmonics'],
]);
const ROW_BY_ROW_EASTWARDS = new Set([0, 0x40]);
const MISSING = 0xffffffff;

export function pointsOfSection3(
  file: string,
  place: string,
  grid: Buffer,
  mostCells: number,
  refuse: Refuse,
): Points {
  const template = grid.readUInt16BE(12);
  const expected = 'template 3.0, regular latitudes and longitudes';
  if (template !== 0) refuse(`grid template 3.${template}${named(template)}`, expected);
  if (grid.length < 72) refuse(`a section 3 of ${grid.length} bytes`, '72 bytes of template 3.0');
  const [columns, rows] = [grid.readUInt32BE(30), grid.readUInt32BE(34)];
  if (columns === MISSING || rows === MISSING || grid[10] !== 0)
    refuse('rows of different lengths (a reduced grid)', 'a regular grid');
  boundLayer({ file, place }, columns, rows, mostCells);
  if (grid.readUInt32BE(6) !== columns * rows)
    refuse(`${grid.readUInt32BE(6)} points`, `${columns} × ${rows} points`);
  if (!ROW_BY_ROW_EASTWARDS.has(grid[71]!)) refuse(`scanning mode ${grid[71]}`, rowByRow);
  const unit = unitDegrees(grid.readUInt32BE(38), grid.readUInt32BE(42));
  const degrees = (at: number) => signed(grid.readUInt32BE(at), 4) * unit;
  return eastwards({
    columns,
    rows,
    firstLatitude: degrees(46),
    firstLongitude: degrees(50),
    lastLatitude: degrees(55),
    lastLongitude: degrees(59),
  });
}

const named = (template: number): string => {
  const name = TEMPLATES.get(template);
  return name === undefined ? '' : ` (${name})`;
};

/** Without a basic angle the unit is a millionth of a degree. */
const unitDegrees = (angle: number, parts: number): number =>
  angle === 0 || angle === MISSING || parts === 0 || parts === MISSING ? 1e-6 : angle / parts;
