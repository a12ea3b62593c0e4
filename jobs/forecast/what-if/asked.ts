// What a request asks for, in the panel's terms: rows of sites, days, and openings over those of the census.
import type { OtherOpening, WhatIfParameters } from '../../../models/forecast/what-if.ts';
import { WEEKDAYS } from '../../../models/forecast/what-if.ts';
import type { ExcludedSite } from '../series/build.ts';
import { dayOf, isoDateOf, weekdayOf, type Day, type Openings, type Panel } from '../series/panel.ts';
import { namedSites, type SiteNames } from './site-names.ts';
import type { ParameterProblems } from './parameters.ts';

/** A result of some 10 MB. */
export const MOST_ROWS = 50_000;

export interface Asked {
  /** Rows of the panel, in its order. */
  readonly sites: readonly number[];
  readonly from: Day;
  /** Inclusive. */
  readonly to: Day;
  readonly openings: Openings;
}

/** The published input, and how far its forecast reaches. */
export interface Data {
  readonly panel: Panel;
  readonly excluded: readonly ExcludedSite[];
  readonly mostDays: number;
}

/** Undefined, with problems, where the data cannot do what is asked. */
export function askedOf(
  parameters: WhatIfParameters,
  { panel, excluded, mostDays }: Data,
  problems: ParameterProblems,
): Asked | undefined {
  const { horizon_days: wanted = mostDays } = parameters;
  if (wanted > mostDays) problems.add('/horizon_days', String(wanted), `at most ${mostDays} days`);
  const names = namedSites(panel.sites, excluded);
  const sites = sitesOf(parameters, panel, names, problems);
  const [from, to] = [panel.lastDay + 1, panel.lastDay + Math.min(wanted, mostDays)];
  const days = to - from + 1;
  if (sites.length * days > MOST_ROWS)
    problems.add(
      '/sites',
      `${sites.length} sites over ${days} days`,
      `at most ${MOST_ROWS} days of sites; name fewer sites, or set horizon_days`,
    );
  const span = { sites: new Set(sites), from, to };
  const changed = new Map<number, Map<Day, boolean>>(sites.map((site) => [site, new Map()]));
  for (const [index, opening] of (parameters.openings ?? []).entries()) {
    const pointer = `/openings/${index}`;
    const ofSites = openedSites(opening, pointer, span, names, problems);
    const ofDays = openedDays(opening, pointer, span, problems);
    for (const site of ofSites) for (const day of ofDays) changed.get(site)?.set(day, opening.open);
  }
  if (problems.count > 0) return undefined;
  return { sites, from, to, openings: over(panel.openings, changed) };
}

interface Span {
  readonly sites: ReadonlySet<number>;
  readonly from: Day;
  readonly to: Day;
}

function sitesOf(
  { sites }: WhatIfParameters,
  panel: Panel,
  names: SiteNames,
  problems: ParameterProblems,
): readonly number[] {
  if (sites === undefined) return panel.sites.map((_, index) => index);
  const found = sites.map((name, index) => names.find(name, `/sites/${index}`, problems));
  return [...new Set(found.filter((site) => site !== undefined))].sort((one, other) => one - other);
}

function openedSites(
  { site: name }: OtherOpening,
  pointer: string,
  { sites }: Span,
  names: SiteNames,
  problems: ParameterProblems,
): Iterable<number> {
  if (name === undefined) return sites;
  const site = names.find(name, `${pointer}/site`, problems);
  if (site === undefined) return [];
  if (!sites.has(site)) problems.add(`${pointer}/site`, `"${name}"`, 'one of the sites in /sites');
  return [site];
}

function openedDays(
  { date, weekday }: OtherOpening,
  pointer: string,
  { from, to }: Span,
  problems: ParameterProblems,
): readonly Day[] {
  if (date !== undefined) {
    const day = dayOf(date);
    if (day >= from && day <= to) return [day];
    problems.add(
      `${pointer}/date`,
      date,
      `a day from ${isoDateOf(from)}, the day after the last actual, to ${isoDateOf(to)}, the end of the horizon`,
    );
    return [];
  }
  const wanted = WEEKDAYS.findIndex((name) => name === weekday);
  const days = Array.from({ length: to - from + 1 }, (_, index) => from + index);
  return days.filter((day) => weekdayOf(day) === wanted);
}

/** The census reaches as far as before: beyond it, the public holidays decide as they did. */
const over = (census: Openings, changed: ReadonlyMap<number, ReadonlyMap<Day, boolean>>): Openings => ({
  lastDay: census.lastDay,
  exception: (site, day) => changed.get(site)?.get(day) ?? census.exception(site, day),
});
