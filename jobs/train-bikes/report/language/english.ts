// All the report's texts in English; their type is what another language has to say.
import type { DropReason } from '../../reading/reasons.ts';
import { formatOf, type Format } from './format.ts';

const format = formatOf('en-GB');
const { whole, time } = format;

export interface Messages {
  readonly format: Format;
  readonly page: {
    title(pipeline: string, lastHour: string): string;
    intro(rows: number, counters: number, firstHour: string, lastHour: string): string;
    readonly count: string;
    readonly worst: string;
    readonly class: string;
    readonly classMeans: string;
    readonly data: string;
    readonly measured: string;
    readonly measuredHow: string;
    /** Above the notes, which the job writes in English. */
    readonly notes: string;
    readonly noNotes: string;
  };
  readonly tiles: {
    readonly logRmse: string;
    readonly mae: string;
    readonly r2: string;
    readonly accuracy: string;
    readonly f1: string;
    naive(value: string): string;
    drift(metric: string): string;
    driftOf(rows: number, since: string): string;
  };
  readonly metrics: Readonly<Record<string, string>>;
  readonly kinds: Readonly<Record<string, string>>;
  readonly naive: Readonly<Record<string, string>>;
  readonly dropped: Readonly<Record<DropReason, string>>;
  readonly table: Readonly<
    Record<
      | ('candidate' | 'recipe' | 'champion' | 'naive' | 'counter' | 'actualHour' | 'predictedHour' | 'hours')
      | ('file' | 'rows' | 'used' | 'dropped' | 'none' | 'firstHour' | 'lastHour'),
      string
    >
  > & { winner(kind: string): string };
  readonly charts: {
    readonly counted: string;
    readonly predicted: string;
    readonly hourOfDay: string;
    readonly bicycles: string;
    readonly bicyclesADay: string;
    readonly workingDays: string;
    readonly weekends: string;
    readonly dayCaption: string;
    readonly daily: string;
    readonly dailyCaption: string;
    readonly errorByHour: string;
    readonly errorCaption: string;
    readonly calibration: string;
    readonly observedShare: string;
    readonly meanProbability: string;
    readonly calibrationCaption: string;
    readonly probability: string;
    readonly share: string;
    readonly counterCaption: string;
  };
}

export const english: Messages = {
  format,
  page: {
    title: (pipeline, lastHour) => `${pipeline}: training up to ${time(lastHour)}`,
    intro: (rows, counters, firstHour, lastHour) =>
      `${whole(rows)} hours of ${whole(counters)} counters, from ${time(firstHour)} to ${time(lastHour)} (local time of Paris). Every error on this page is measured out of time: on months that the measured models had not seen.`,
    count: 'The count of an hour',
    worst: 'The counters with the largest errors',
    class: 'Forte or faible',
    classMeans:
      "An hour is forte where it has more bicycles than the counter's mean hour in the training data.",
    data: 'The data',
    measured: 'How it was measured',
    measuredHow:
      "Several months in turn are left out at the end of the data. Every candidate is trained on what came before, and predicts the month; the numbers are those of all these months together. The winner is then trained on all data. The champion's recipe is measured in the same way, on the same rows.",
    notes: '',
    noNotes: 'Nothing odd was found in the data.',
  },
  tiles: {
    logRmse: 'Count of an hour, log RMSE',
    mae: 'Mean error, bicycles an hour',
    r2: 'R²',
    accuracy: 'Forte or faible, right',
    f1: 'F1 of forte',
    naive: (value) => `naive ${value}`,
    drift: (metric) => `The champion since its training, ${metric}`,
    driftOf: (rows, since) => `${whole(rows)} hours since ${time(since)}`,
  },
  metrics: {
    ...{ logRmse: 'log RMSE', mae: 'MAE', rmse: 'RMSE', r2: 'R²' },
    ...{ accuracy: 'accuracy', precision: 'precision', recall: 'recall', f1: 'F1', brier: 'Brier score' },
  },
  kinds: { gbt: 'gradient boosting', rf: 'random forest', nn: 'neural network' },
  naive: { 'mean of four weeks': 'mean of four weeks', 'last week': 'last week' },
  dropped: {
    'unclosed-quote': 'with a quote that never closes',
    'line-too-long': 'with a line that is too long',
    'field-count': 'with too many or too few fields',
    'no-counter': 'without a counter',
    'unreadable-time': 'with an unreadable time',
    'time-out-of-range': 'with a time out of range',
    'not-a-full-hour': 'not of a full hour',
    'unreadable-count': 'with an unreadable count',
    'negative-count': 'with a negative count',
    'absurd-count': 'with an absurd count',
    'count-not-reported': 'without a count',
    'no-such-hour': 'of an hour that does not exist',
    'repeated-row': 'repeated',
    'replaced-row': 'replaced by another of the same hour',
    'repeated-header': 'that repeat the header',
    'total-line': 'with a total',
    'blank-line': 'blank',
  },
  table: {
    ...{ candidate: 'candidate', recipe: 'recipe', champion: "the champion's recipe", naive: 'naive' },
    ...{ counter: 'counter', actualHour: 'counted, mean hour', predictedHour: 'predicted, mean hour' },
    ...{ hours: 'hours', file: 'file', rows: 'rows', used: 'used', dropped: 'dropped', none: 'none' },
    ...{ firstHour: 'first hour', lastHour: 'last hour' },
    winner: (kind) => `${kind}, the winner`,
  },
  charts: {
    counted: 'counted',
    predicted: 'predicted',
    hourOfDay: 'hour of the day',
    bicycles: 'bicycles',
    bicyclesADay: 'bicycles a day',
    workingDays: 'The mean hour of working days',
    weekends: 'The mean hour of weekends',
    dayCaption: 'all counters, in local time; public holidays count as what day of the week they are.',
    daily: 'Bicycles a day',
    dailyCaption:
      'all counters together; each day was predicted by models that had seen nothing of its month.',
    errorByHour: 'Error by hour of the day',
    errorCaption: 'a log RMSE of 0.4 is an error of about 40 % of the count.',
    calibration: 'Are the probabilities right?',
    observedShare: 'share of hours that were forte',
    meanProbability: 'mean probability',
    calibrationCaption:
      'by tenths of the predicted probability: where the lines meet, a probability means what it says.',
    probability: 'predicted probability',
    share: 'share',
    counterCaption: 'mean hour, all days.',
  },
};
