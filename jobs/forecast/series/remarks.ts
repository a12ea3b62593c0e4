// What an analyst should know of a site before trusting its numbers: new, silent, closed, never visited.
import { dayCount, isoDateOf, type Panel } from './panel.ts';
import type { Disbelieved } from './believed.ts';

const NEW_DAYS = 91;
const SILENT_DAYS = 14;
/** As long as it takes until the usual week says closed. */
const CLOSED_DAYS = 14;
/** A whole week in which nobody reported is an accident of the files, not of a site. */
const GAP_DAYS = 7;
const MOST_GAPS = 20;

export interface Remark {
  readonly code: string;
  readonly mall: string;
  readonly remark: string;
}

/** In order of site; a site may have several. */
export function remarksOf(panel: Panel, disbelieved: readonly Disbelieved[]): readonly Remark[] {
  const ofSites = panel.sites.flatMap(({ code, mall }, site) =>
    siteRemarks(panel, site).map((remark) => ({ code, mall, remark })),
  );
  const ofDays = disbelieved.map(({ code, mall, date, visits, usual }) => ({
    code,
    mall,
    remark: `${visits} visitors on ${date}, where ${usual} were usual: not believed, not learnt from, not measured`,
  }));
  return [...ofSites, ...ofDays];
}

/** Stretches of a week and more in which no site reported anything. */
export function gapsOf(panel: Panel): readonly string[] {
  const days = dayCount(panel);
  const reported = new Uint8Array(days);
  panel.visits.forEach((value, at) => {
    if (!Number.isNaN(value)) reported[at % days] = 1;
  });
  const gaps: string[] = [];
  let since = 0;
  for (let index = 0; index < days; index += 1) {
    if (reported[index] !== 1) continue;
    if (index - since >= GAP_DAYS) gaps.push(gapNote(panel, since, index - 1));
    since = index + 1;
  }
  const note = `and ${gaps.length - MOST_GAPS} more such stretches`;
  return gaps.length > MOST_GAPS ? [...gaps.slice(0, MOST_GAPS), note] : gaps;
}

const gapNote = (panel: Panel, from: number, to: number): string =>
  `no site reported anything from ${isoDateOf(panel.firstDay + from)} to ${isoDateOf(panel.firstDay + to)}`;

function siteRemarks(panel: Panel, site: number): readonly string[] {
  const days = dayCount(panel);
  const visits = panel.visits.subarray(site * days, (site + 1) * days);
  const first = visits.findIndex((value) => !Number.isNaN(value));
  const lastReport = visits.findLastIndex((value) => !Number.isNaN(value));
  const lastOpen = visits.findLastIndex((value) => value > 0);
  const on = (index: number) => isoDateOf(panel.firstDay + index);
  if (lastReport === -1) return ['no day that could be believed: 0 is forecast'];
  if (lastOpen === -1) return [`never a visitor since ${on(first)}: 0 is forecast`];
  const remarks: string[] = [];
  if (first > 0 && days - first <= NEW_DAYS) {
    remarks.push(`new: ${days - first} days of history, from ${on(first)}`);
  }
  if (days - 1 - lastReport >= SILENT_DAYS) {
    remarks.push(`silent since ${on(lastReport)}: forecast from its last known weeks`);
  } else if (days - 1 - lastOpen >= CLOSED_DAYS) {
    remarks.push(
      `no visitor since ${on(lastOpen)}: taken as closed until the census or its visitors say otherwise`,
    );
  }
  return remarks;
}
