// An engine that mixes another one's forecasts with plain ones, as far as earlier evenings say it should.
import { forEachKnownDay } from '../backtest/known.ts';
import { isoDateOf, weekdayOf, type Day, type Panel } from '../series/panel.ts';
import type { Engine, Origin } from './engine.ts';
import { growthOf, lastYearOn } from './last-year.ts';
import { RIVALS, sharesAsOf, type Rival, type ScoredEvening, type Shares } from './shares.ts';
import { steadyWeek } from './steady.ts';

const WEEK = 7;
/** So many weeks before the last actual are walked even in January, to have evenings to judge by. */
const JUDGED_WEEKS = 12;
/** How far the model is moved towards last year where that helps. */
const LEANING = 0.12;

/**
 * Walks from the first day asked for, or from twelve weeks before the last actual where that is earlier. The
 * forecast of every evening is mixed by what had been seen by then, so all of them stay out of sample.
 */
export const blendedEngine = (model: Engine): Engine => ({
  name: model.name,
  async forecast(request) {
    const { panel } = request;
    const judgedFrom = Math.max(panel.firstDay, panel.lastDay - JUDGED_WEEKS * WEEK + 1);
    const { walk, instead, metrics } = await model.forecast({
      ...request,
      from: Math.min(request.from, judgedFrom),
    });
    const mixed = mixWalk(panel, walk);
    const last = mixed.at(-1);
    return {
      walk: mixed.map(({ origin }) => origin),
      ...(instead === undefined || last === undefined
        ? {}
        : { instead: mixedBy(instead, rivalsOf(panel, instead), last.shares) }),
      metrics: { ...metrics, shares: mixed.map(sharesOf) },
    };
  },
});

export interface MixedOrigin {
  readonly origin: Origin;
  readonly shares: Shares;
}

const sharesOf = ({ origin, shares }: MixedOrigin) => ({
  asOf: isoDateOf(origin.asOf),
  model: Number(shares.model.toFixed(3)),
  leans: shares.leans,
});

/** Each evening's forecast, mixed by what the evenings before it got wrong. */
export function mixWalk(panel: Panel, walk: readonly Origin[]): readonly MixedOrigin[] {
  const scored: ScoredEvening[] = [];
  return walk.map((origin) => {
    const { asOf } = origin;
    const rivals = rivalsOf(panel, origin);
    const shares = sharesAsOf(scored, asOf, asOf - panel.firstDay + 1);
    scored.push(scoreOf(panel, origin, rivals));
    return { origin: mixedBy(origin, rivals, shares), shares };
  });
}

function mixedBy(origin: Origin, rivals: Rivals, shares: Shares): Origin {
  const predictions = origin.predictions.map((_, at) => {
    const trusted = shares.leans ? rivals.leaning(at) : rivals.model(at);
    return Math.round(shares.model * trusted + (1 - shares.model) * rivals.steady(at));
  });
  return { ...origin, predictions };
}

type Rivals = Readonly<Record<Rival, (at: number) => number>>;

/** What each forecasts for the day at an index of the predictions. Where one has no forecast, it takes the model's. */
function rivalsOf(panel: Panel, { asOf, days, predictions }: Origin): Rivals {
  const steady = steadyWeek(panel, asOf);
  const growth = growthOf(panel, asOf);
  const dayOf = (at: number): Day => asOf + 1 + (at % days);
  const model = (at: number): number => predictions[at] ?? 0;
  /** Closed days stay 0, and so does a site without a forecast of the model. */
  const where = (at: number, other: number): number =>
    model(at) === 0 || Number.isNaN(other) ? model(at) : other;
  return {
    model,
    leaning: (at) => {
      const before = lastYearOn(panel, growth, Math.floor(at / days), dayOf(at));
      return where(at, (1 - LEANING) * model(at) + LEANING * before);
    },
    steady: (at) => where(at, steady[Math.floor(at / days) * WEEK + weekdayOf(dayOf(at))] ?? Number.NaN),
  };
}

/** On all days that are known today; `sharesAsOf` takes only the weeks that had passed on its evening. */
function scoreOf(panel: Panel, origin: Origin, rivals: Rivals): ScoredEvening {
  const weeks = Math.ceil(origin.days / WEEK);
  const sums = () => new Float64Array(weeks);
  const absolute: Record<Rival, Float64Array> = { model: sums(), leaning: sums(), steady: sums() };
  const actuals = sums();
  forEachKnownDay(panel, [origin], panel.firstDay, ({ horizonWeek, at, actual }) => {
    actuals[horizonWeek - 1]! += actual;
    for (const rival of RIVALS) absolute[rival][horizonWeek - 1]! += Math.abs(rivals[rival](at) - actual);
  });
  return { asOf: origin.asOf, absolute, actuals };
}
