// Lays the observations out as one dense block, and refuses a site-day that is there twice.
import { openingsOf, type Exception } from '../workbook/census.ts';
import type { Observation, Observations } from '../workbook/observations.ts';
import { columnLetters } from '../workbook/place.ts';
import type { Place, ProblemList } from '../workbook/problems.ts';
import { isoDateOf, type Panel, type Site } from './panel.ts';

const LARGEST_PANEL_CELLS = 40_000_000;

/** A site of Transco that the forecast leaves out, and why: `no-value` is in no flux file. */
export interface ExcludedSite {
  readonly code: string;
  readonly mall: string;
  readonly reason: 'no-value';
}

export interface BuiltPanel {
  readonly panel: Panel;
  readonly excluded: readonly ExcludedSite[];
}

/** Undefined, with a problem, when nothing can be laid out. `sheets` are the places observations point to. */
export function buildPanel(
  sites: readonly Site[],
  observations: Observations,
  exceptions: readonly Exception[],
  sheets: readonly Place[],
  problems: ProblemList,
): BuiltPanel | undefined {
  const { firstDay, lastDay, known } = spanOf(observations, sites.length);
  const kept = sites.filter((_, index) => known[index] === 1);
  if (kept.length === 0) {
    problems.add(
      { file: sheets[0]?.file ?? 'the flux files' },
      'no value at all',
      'visitors of at least one site',
    );
    return undefined;
  }
  const days = lastDay - firstDay + 1;
  if (kept.length * days > LARGEST_PANEL_CELLS) {
    const found = `${kept.length} sites over ${days} days, from ${isoDateOf(firstDay)}`;
    problems.add({ file: 'the flux files' }, found, `at most ${LARGEST_PANEL_CELLS} site-days`);
    return undefined;
  }
  const panel: Panel = {
    sites: kept,
    firstDay,
    lastDay,
    visits: layOut(observations, rowsOfKept(known), firstDay, kept.length, days, sheets, problems),
    openings: openingsOf(kept, exceptions),
  };
  const excluded = sites
    .filter((_, index) => known[index] !== 1)
    .map(({ code, mall }) => ({ code, mall, reason: 'no-value' as const }));
  return { panel, excluded };
}

function spanOf(observations: Observations, siteCount: number) {
  const known = new Uint8Array(siteCount);
  let firstDay = Number.POSITIVE_INFINITY;
  let lastDay = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < observations.length; index += 1) {
    const { siteIndex, day } = observations.at(index);
    known[siteIndex] = 1;
    firstDay = Math.min(firstDay, day);
    lastDay = Math.max(lastDay, day);
  }
  return { firstDay, lastDay, known };
}

/** Transco's index of a site to its row in the panel. */
function rowsOfKept(known: Uint8Array): Int32Array {
  const rows = new Int32Array(known.length);
  let next = 0;
  known.forEach((isKnown, index) => {
    rows[index] = next;
    next += isKnown;
  });
  return rows;
}

function layOut(
  observations: Observations,
  panelRows: Int32Array,
  firstDay: number,
  siteCount: number,
  days: number,
  sheets: readonly Place[],
  problems: ProblemList,
): Float64Array {
  const visits = new Float64Array(siteCount * days).fill(Number.NaN);
  const observedAt = new Int32Array(siteCount * days).fill(-1);
  for (let index = 0; index < observations.length; index += 1) {
    const observation = observations.at(index);
    const cell = (panelRows[observation.siteIndex] ?? 0) * days + (observation.day - firstDay);
    const earlier = observedAt[cell] ?? -1;
    if (earlier === -1) {
      observedAt[cell] = index;
      visits[cell] = observation.visits;
      continue;
    }
    const first = observations.at(earlier);
    problems.add(
      {
        ...sheets[observation.sheetIndex],
        file: sheets[observation.sheetIndex]?.file ?? '',
        row: observation.row,
        columnIndex: observation.columnIndex,
      },
      `a second value for the same site on ${isoDateOf(observation.day)}; the first is in ${describe(first, sheets)}`,
      'one value for a site and a day',
    );
  }
  return visits;
}

function describe(observation: Observation, sheets: readonly Place[]): string {
  const { file = '', sheet = '' } = sheets[observation.sheetIndex] ?? {};
  return `${file}, sheet "${sheet}", row ${observation.row}, column ${columnLetters(observation.columnIndex)}`;
}
