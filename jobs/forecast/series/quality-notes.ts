// What an analyst should know of a site before trusting its numbers: new, silent, closed, never visited.
import type { Outlier } from './outlier-filter.ts';
import type { DataNote } from './notes.ts';
import { dayCount, isoDateOf, type Panel } from './panel.ts';

const NEW_DAYS = 91;
const SILENT_DAYS = 14;
/** As long as it takes until the usual week says closed. */
const CLOSED_DAYS = 14;
/** A whole week without any report is an accident of the files, not of a site. */
const GAP_DAYS = 7;
const MOST_GAPS = 20;

/** As data: the report says it in its reader's language. Dates are ISO dates. */
export type Finding =
  | { readonly kind: 'nothing-accepted' }
  | { readonly kind: 'never-visited'; readonly since: string }
  | { readonly kind: 'new'; readonly days: number; readonly since: string }
  | { readonly kind: 'silent'; readonly since: string }
  | { readonly kind: 'closed'; readonly since: string }
  | { readonly kind: 'outlier'; readonly date: string; readonly visits: number; readonly usual: number };

export type QualityNote = { readonly code: string; readonly mall: string } & Finding;

/** In order of site; a site may have several. */
export function qualityNotesOf(panel: Panel, outliers: readonly Outlier[]): readonly QualityNote[] {
  const ofSites = panel.sites.flatMap(({ code, mall }, site) =>
    findingsOf(panel, site).map((finding) => ({ code, mall, ...finding })),
  );
  const ofDays = outliers.map((day) => ({ kind: 'outlier' as const, ...day }));
  return [...ofSites, ...ofDays];
}

/** Stretches of a week and more in which no site reported anything. */
export function gapsOf(panel: Panel): readonly DataNote[] {
  const days = dayCount(panel);
  const reported = new Uint8Array(days);
  panel.visits.forEach((value, at) => {
    if (!Number.isNaN(value)) reported[at % days] = 1;
  });
  const gaps: DataNote[] = [];
  let since = 0;
  for (let index = 0; index < days; index += 1) {
    if (reported[index] !== 1) continue;
    if (index - since >= GAP_DAYS) gaps.push(gapOf(panel, since, index - 1));
    since = index + 1;
  }
  if (gaps.length <= MOST_GAPS) return gaps;
  return [...gaps.slice(0, MOST_GAPS), { kind: 'more-gaps', count: gaps.length - MOST_GAPS }];
}

const gapOf = ({ firstDay }: Panel, from: number, to: number): DataNote => ({
  kind: 'nothing-reported',
  from: isoDateOf(firstDay + from),
  to: isoDateOf(firstDay + to),
});

function findingsOf(panel: Panel, site: number): readonly Finding[] {
  const days = dayCount(panel);
  const visits = panel.visits.subarray(site * days, (site + 1) * days);
  const first = visits.findIndex((value) => !Number.isNaN(value));
  const lastReport = visits.findLastIndex((value) => !Number.isNaN(value));
  const lastOpen = visits.findLastIndex((value) => value > 0);
  const on = (index: number) => isoDateOf(panel.firstDay + index);
  if (lastReport === -1) return [{ kind: 'nothing-accepted' }];
  if (lastOpen === -1) return [{ kind: 'never-visited', since: on(first) }];
  const findings: Finding[] = [];
  if (first > 0 && days - first <= NEW_DAYS) {
    findings.push({ kind: 'new', days: days - first, since: on(first) });
  }
  if (days - 1 - lastReport >= SILENT_DAYS) {
    findings.push({ kind: 'silent', since: on(lastReport) });
  } else if (days - 1 - lastOpen >= CLOSED_DAYS) {
    findings.push({ kind: 'closed', since: on(lastOpen) });
  }
  return findings;
}
