// How unsteady each site is beside the others, as its own late errors say.
import type { Origin } from '../engine/engine.ts';
import { forEachKnownDay, type KnownDay } from '../backtest/known.ts';
import type { Day, Panel } from '../series/panel.ts';
import { relativeError } from './scores.ts';

const WEEK = 7;
/** Errors older than this say little about a site's present. */
const LOOKBACK_DAYS = 84;
/** A site with few errors of its own is taken to be like the others: they count as so many days of its own. */
const LENT_DAYS = 28;
const SMALLEST = 0.25;
const LARGEST = 4;

/**
 * One number per site: 1 is as unsteady as the middle of all, 2 twice as much. Learnt from the errors one week
 * ahead on days up to `asOf`; nothing later is read.
 */
export function unsteadiness(panel: Panel, origins: readonly Origin[], asOf: Day): Float64Array {
  const ofSite = panel.sites.map((): number[] => []);
  const from = asOf - LOOKBACK_DAYS + 1;
  const near = origins.filter((origin) => origin.asOf < asOf && origin.asOf + WEEK >= from);
  const add = ({ origin, site, day, at, actual }: KnownDay): void => {
    if (day > asOf) return;
    const error = relativeError(actual, near[origin]?.predictions[at] ?? 0);
    if (!Number.isNaN(error)) ofSite[site]?.push(Math.abs(error));
  };
  forEachKnownDay(panel, near, from, add, WEEK);
  const usual = middleOf(ofSite.flat());
  return Float64Array.from(ofSite, (errors) => {
    if (usual === 0) return 1;
    const own = (errors.length * middleOf(errors) + LENT_DAYS * usual) / (errors.length + LENT_DAYS);
    return Math.min(LARGEST, Math.max(SMALLEST, own / usual));
  });
}

/** The middle shrugs at an outlier, where the mean would not. 0 of nothing. */
const middleOf = (values: readonly number[]): number =>
  Float64Array.from(values).sort()[values.length >> 1] ?? 0;
