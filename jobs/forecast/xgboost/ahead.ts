// What the trees say of the open days ahead: a block of rows at a time, for there are hundreds of thousands.
import type { FeatureTable } from './features.ts';
import type { Booster } from '../../../shared/xgboost/booster.ts';
import type { XgboostLibrary } from '../../../shared/xgboost/library.ts';
import type { Past } from './past.ts';
import type { Member } from './settings.ts';

/** Parallel arrays, in order of site and day. */
export interface SiteDays {
  readonly sites: Int32Array;
  readonly days: Int32Array;
}

/** A trained member of a reach. */
export interface Grown {
  readonly target: Member['target'];
  readonly booster: Booster;
}

/** The library holds eight bytes of a feature beside our four: 10 MB for a block. */
const BLOCK_ROWS = 16_384;

/** The open days from `first` to `last` after the cut, of every site that has a level at all. */
export function openSiteDays(past: Past, first: number, last: number): SiteDays {
  const most = past.sites * Math.max(0, last - first + 1);
  const sites = new Int32Array(most);
  const days = new Int32Array(most);
  let found = 0;
  for (let site = 0; site < past.sites; site += 1) {
    if (Number.isNaN(past.level(site, past.cut))) continue;
    for (let day = past.cut + first; day <= past.cut + last; day += 1) {
      if (past.open[site * past.width + day] !== 1) continue;
      sites[found] = site;
      days[found] = day;
      found += 1;
    }
  }
  return { sites: sites.slice(0, found), days: days.slice(0, found) };
}

/** One number for each site and day, the mean of the members': visits over the site's level. */
export function ratiosAhead(
  xgboost: XgboostLibrary,
  past: Past,
  features: FeatureTable,
  wanted: SiteDays,
  members: readonly Grown[],
): Float32Array {
  const count = wanted.sites.length;
  const columns = features.names.length;
  const ratios = new Float32Array(count);
  const block = new Float32Array(Math.min(BLOCK_ROWS, count) * columns);
  for (let start = 0; start < count; start += BLOCK_ROWS) {
    const rows = Math.min(BLOCK_ROWS, count - start);
    for (let row = 0; row < rows; row += 1) {
      const at = start + row;
      features.fill(block, row * columns, wanted.sites[at]!, past.cut, wanted.days[at]!);
    }
    const values = block.subarray(0, rows * columns);
    using matrix = xgboost.matrix({ values, rows, columns, featureTypes: features.types });
    const message = members.map(({ booster }) => booster.predict(matrix));
    for (let row = 0; row < rows; row += 1) ratios[start + row] = meanOf(members, message, row);
  }
  return ratios;
}

/** A logarithm is undone in 32 bits, as precise as it is. */
function meanOf(members: readonly Grown[], message: readonly Float32Array[], row: number): number {
  let sum = 0;
  members.forEach(({ target }, member) => {
    const value = message[member]![row]!;
    sum += target === 'log' ? Math.fround(Math.exp(value)) : value;
  });
  return sum / members.length;
}
