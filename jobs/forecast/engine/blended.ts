// An engine that mixes another one's forecasts with the steady one, as far as earlier evenings say it should.
import { forEachKnownDay } from '../proof/known.ts';
import { isoDateOf, weekdayOf, type Panel } from '../series/panel.ts';
import type { Engine, Origin } from './engine.ts';
import { MIXES, sharesAsOf, type ScoredMixes } from './shares.ts';
import { steadyWeek } from './steady.ts';

const WEEK = 7;
/** So many weeks before the last actual are walked even in January, to have evenings to judge by. */
const JUDGED_WEEKS = 12;

/**
 * Walks from the first day asked for, or from twelve weeks before the last actual where that is earlier. The
 * forecast of every evening is mixed by what had been seen by then, so all of them stay out of sample.
 */
export const blendedEngine = (model: Engine): Engine => ({
  name: model.name,
  async forecast(request) {
    const { panel } = request;
    const judgedFrom = Math.max(panel.firstDay, panel.lastDay - JUDGED_WEEKS * WEEK + 1);
    const { walk, metrics } = await model.forecast({ ...request, from: Math.min(request.from, judgedFrom) });
    const scored: ScoredMixes[] = [];
    const shares: { asOf: string; model: readonly number[] }[] = [];
    const blended = walk.map((origin) => {
      const { asOf, days } = origin;
      const steady = steadyWeek(panel, asOf);
      const ofModel = sharesAsOf(scored, asOf, Math.ceil(days / WEEK), asOf - panel.firstDay + 1);
      shares.push({ asOf: isoDateOf(asOf), model: ofModel.map((share) => Number(share.toFixed(3))) });
      scored.push(scoreMixes(panel, origin, steady));
      return mix(origin, steady, ofModel);
    });
    return { walk: blended, metrics: { ...metrics, shares } };
  },
});

/** What the steady forecast says of the day at an index of an origin's predictions. */
const steadyAt = (steady: Float64Array, { asOf, days }: Origin, at: number): number =>
  steady[Math.floor(at / days) * WEEK + weekdayOf(asOf + 1 + (at % days))] ?? Number.NaN;

/** Closed days stay 0, and so does a site of which the model says nothing. */
function mix(origin: Origin, steady: Float64Array, shares: readonly number[]): Origin {
  const predictions = origin.predictions.map((ofModel, at) => {
    const steadily = steadyAt(steady, origin, at);
    if (ofModel === 0 || Number.isNaN(steadily)) return ofModel;
    const share = shares[Math.floor((at % origin.days) / WEEK)] ?? 1;
    return Math.round(share * ofModel + (1 - share) * steadily);
  });
  return { ...origin, predictions };
}

/** The errors of every mix, on all days that are known today; who asks takes those known on an evening. */
function scoreMixes(panel: Panel, origin: Origin, steady: Float64Array): ScoredMixes {
  const weeks = Math.ceil(origin.days / WEEK);
  const absolute = Array.from({ length: weeks }, () => new Float64Array(MIXES.length));
  const actuals = new Float64Array(weeks);
  forEachKnownDay(panel, [origin], panel.firstDay, ({ horizonWeek, at, actual }) => {
    const errors = absolute[horizonWeek - 1];
    if (errors === undefined) return;
    const ofModel = origin.predictions[at] ?? 0;
    const steadily = ofModel === 0 ? 0 : steadyAt(steady, origin, at);
    const other = Number.isNaN(steadily) ? ofModel : steadily;
    actuals[horizonWeek - 1]! += actual;
    MIXES.forEach((share, index) => {
      errors[index]! += Math.abs(share * ofModel + (1 - share) * other - actual);
    });
  });
  return { asOf: origin.asOf, absolute, actuals };
}
