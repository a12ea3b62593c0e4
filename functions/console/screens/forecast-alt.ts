// What a chart of a forecast says in words, as the alternative text of its picture.
import { formatOf } from '../../../shared/page/format.ts';
import type { DailySeries } from '../../../shared/report/forecast/days.ts';
import type { Series } from '../reading/forecast-series.ts';
import type { View } from '../view.ts';
import { FORECAST_WORDS } from '../words/forecast.ts';
import { known } from './forecast-numbers.ts';

export const nameOf = ({ name }: Pick<Series, 'name'>, view: View): string =>
  name ?? view.say(FORECAST_WORDS).allSites;

/** For a reader who does not see the picture: its span, the last day that is known, and how it goes on. */
export function altOfDays(days: DailySeries, series: Series, view: View): string {
  const words = view.say(FORECAST_WORDS);
  const { day, whole } = formatOf(view.asked.language);
  const { isoDates, actual, predicted, lower, upper } = days;
  const last = actual.findLastIndex((value) => !Number.isNaN(value));
  const end = isoDates.length - 1;
  const band = Number.isNaN(upper[last] ?? Number.NaN)
    ? null
    : words.range(whole(lower[last] ?? 0), whole(upper[last] ?? 0));
  return [
    words.altDays(nameOf(series, view), day(isoDates[0] ?? ''), day(isoDates[end] ?? '')),
    last === -1
      ? ''
      : words.altLast(
          day(isoDates[last] ?? ''),
          whole(actual[last] ?? 0),
          known(predicted[last], whole),
          band,
        ),
    words.altComing(day(isoDates[end] ?? ''), known(predicted[end], whole)),
  ]
    .filter((text) => text !== '')
    .join(' ');
}

export function altOfWeeks(series: Series, view: View): string {
  const { percent } = formatOf(view.asked.language);
  const values = series.weeks.flatMap(({ wape }) => (wape === null ? [] : [wape]));
  const [best, worst] = [Math.min(...values), Math.max(...values)];
  const shown = (value: number | undefined) =>
    percent(value === undefined || !Number.isFinite(value) ? null : value);
  return view
    .say(FORECAST_WORDS)
    .altWeeks(nameOf(series, view), values.length, shown(best), shown(worst), shown(values.at(-1)));
}
