// The numbers of each chart of a forecast, as a table.
import { formatOf } from '../../../shared/page/format.ts';
import type { Html } from '../../../shared/page/html.ts';
import { table } from '../../../shared/page/table.ts';
import type { DailySeries } from '../../../shared/report/forecast/days.ts';
import { meansOf } from '../../../shared/report/forecast/means.ts';
import type { WeekShown } from '../reading/forecast-series.ts';
import type { View } from '../view.ts';
import { FORECAST_WORDS } from '../words/forecast.ts';

export const known = (value: number | undefined, shown: (value: number) => string): string =>
  value === undefined || Number.isNaN(value) ? '' : shown(value);

export function recentTable(days: DailySeries, view: View): Html {
  const words = view.say(FORECAST_WORDS);
  const { day, whole } = formatOf(view.asked.language);
  const band = (at: number) =>
    Number.isNaN(days.upper[at] ?? Number.NaN)
      ? ''
      : words.range(known(days.lower[at], whole), known(days.upper[at], whole));
  return table<number>(
    [
      { head: words.day, kind: 'name', cell: (at) => day(days.isoDates[at] ?? '') },
      { head: words.visitors, kind: 'best', cell: (at) => known(days.actual[at], whole) },
      { head: words.expected, cell: (at) => known(days.predicted[at], whole) },
      { head: words.band, cell: band },
      { head: words.lastYear, cell: (at) => known(days.lastYear[at], whole) },
    ],
    [...days.isoDates.keys()],
  );
}

export function yearTable(days: DailySeries, view: View): Html {
  const words = view.say(FORECAST_WORDS);
  const { day, whole } = formatOf(view.asked.language);
  type Mean = ReturnType<typeof meansOf>[number];
  return table<Mean>(
    [
      { head: words.middle, kind: 'name', cell: ({ middle }) => day(days.isoDates[middle] ?? '') },
      { head: words.visitors, kind: 'best', cell: ({ actual }) => known(actual, whole) },
      { head: words.expected, cell: ({ predicted }) => known(predicted, whole) },
      { head: words.lastYear, cell: ({ lastYear }) => known(lastYear, whole) },
    ],
    meansOf(days),
  );
}

export function weeksTable(weeks: readonly WeekShown[], view: View): Html {
  const words = view.say(FORECAST_WORDS);
  const { day, percent } = formatOf(view.asked.language);
  const hasNaive = weeks.some(({ naiveMeanOfFour }) => naiveMeanOfFour !== undefined);
  return table<WeekShown>(
    [
      { head: words.day, kind: 'name', cell: ({ monday }) => day(monday) },
      { head: words.error, kind: 'best', cell: ({ wape }) => percent(wape) },
      ...(hasNaive
        ? [
            {
              head: words.naiveLastWeek,
              cell: ({ naiveLastWeek }: WeekShown) => percent(naiveLastWeek ?? null),
            },
            { head: words.naive, cell: ({ naiveMeanOfFour }: WeekShown) => percent(naiveMeanOfFour ?? null) },
          ]
        : []),
    ],
    weeks,
  );
}
