// Judges all candidates and the naive methods on the same rows: those of the months after the rolling origins.
import { KINDS, TASKS, type Kind, type Task } from '../../../models/bikes/bundle.ts';
import { countOf } from '../../../models/bikes/features.ts';
import { learn, type Learnt } from '../../../models/bikes/learnt.ts';
import type { Observations } from '../../../models/bikes/observations.ts';
import type { Fitted } from './fit.ts';
import { classMetrics, probabilityOf, regressionMetrics, type Metrics } from './metrics.ts';
import { NAIVE } from './naive.ts';
import { judgedRows, type Origin } from './origins.ts';

/** An origin with what lies before it, and the rows after it. */
export interface Trial {
  readonly origin: Origin;
  readonly learnt: Learnt;
  /** Indices into the observations. */
  readonly rows: Int32Array;
}

/** Of one method and one origin, in the order of the trial's rows: counts for `reg`, probabilities for `class`. */
export type Answers = Readonly<Record<Task, Float64Array>>;

export interface Judged {
  /** Over the rows of all origins together. */
  readonly metrics: Readonly<Record<Task, Metrics>>;
  /** The same for each origin alone. */
  readonly byOrigin: readonly Readonly<Record<Task, Metrics>>[];
  readonly answers: readonly Answers[];
}

export const trialsOf = (observations: Observations, origins: readonly Origin[]): readonly Trial[] =>
  origins.map((origin) => {
    const learnt = learn(observations, origin.upTo);
    return { origin, learnt, rows: judgedRows(observations, origin, learnt) };
  });

/** `fitted`: by trial, what each kind answered. */
export function judgeKinds(
  observations: Observations,
  trials: readonly Trial[],
  fitted: readonly Readonly<Record<Kind, Fitted>>[],
): Readonly<Record<Kind, Judged>> {
  const judged = KINDS.map((kind) => {
    const answers = trials.map((trial, index) => answersOf(observations, trial, fitted[index]![kind]));
    return [kind, judge(observations, trials, answers)] as const;
  });
  return Object.fromEntries(judged) as Record<Kind, Judged>;
}

/** A naive method says `forte` where its count is above the mean, without any doubt. */
export function judgeNaive(
  observations: Observations,
  trials: readonly Trial[],
): Readonly<Record<string, Judged>> {
  const judged = Object.entries(NAIVE).map(([name, naive]) => {
    const answers = trials.map(({ origin, learnt, rows }) => {
      const counts = naive(observations, origin.upTo, rows);
      const isAbove = counts.map((count, at) =>
        Number(count > learnt.counters[observations.counter[rows[at]!]!]!.mean),
      );
      return { reg: counts, class: isAbove };
    });
    return [name, judge(observations, trials, answers)] as const;
  });
  return Object.fromEntries(judged);
}

function answersOf(
  { counter, hour }: Observations,
  { learnt, rows }: Trial,
  { numbers }: Pick<Fitted, 'numbers'>,
): Answers {
  return {
    reg: numbers.reg.map((number, at) => {
      const row = rows[at]!;
      return countOf(learnt, { counter: counter[row]!, hour: hour[row]! }, number);
    }),
    class: numbers.class.map(probabilityOf),
  };
}

function judge(observations: Observations, trials: readonly Trial[], answers: readonly Answers[]): Judged {
  const actual = trials.map((trial) => actualOf(observations, trial));
  const measure = (of: readonly Answers[], are: readonly Answers[]): Record<Task, Metrics> => ({
    reg: regressionMetrics(joined(are, 'reg'), joined(of, 'reg')),
    class: classMetrics(joined(are, 'class'), joined(of, 'class')),
  });
  return {
    metrics: measure(answers, actual),
    byOrigin: answers.map((answer, index) => measure([answer], [actual[index]!])),
    answers,
  };
}

/** What was counted, and whether it is above the counter's mean of the training data up to the origin. */
export function actualOf({ counter, count }: Observations, { learnt, rows }: Trial): Answers {
  return {
    reg: Float64Array.from(rows, (row) => count[row]!),
    class: Float64Array.from(rows, (row) => Number(count[row]! > learnt.counters[counter[row]!]!.mean)),
  };
}

export const joined = (answers: readonly Answers[], task: Task): Float64Array => {
  const all = new Float64Array(answers.reduce((sum, answer) => sum + answer[task].length, 0));
  let at = 0;
  for (const answer of answers) {
    all.set(answer[task], at);
    at += answer[task].length;
  }
  return all;
};

/** By which number the best is chosen, and whether a smaller one is better. */
export const CRITERIA: Readonly<
  Record<Task, { readonly metric: string; readonly better: 'lower' | 'higher' }>
> = {
  reg: { metric: 'logRmse', better: 'lower' },
  class: { metric: 'f1', better: 'higher' },
};

/** Five months cannot tell candidates apart that differ by less. */
const TIE = 0.001;

/** The kind with the best metric; of those that are about as good the champion's, and then the first. */
export function bestOf(judged: Readonly<Record<Kind, Judged>>, task: Task, champion: Kind | undefined): Kind {
  const { metric, better } = CRITERIA[task];
  const loss = (kind: Kind): number => {
    const value = judged[kind].metrics[task][metric]!;
    return better === 'lower' ? value : -value;
  };
  const order = champion === undefined ? KINDS : [champion, ...KINDS.filter((kind) => kind !== champion)];
  const least = Math.min(...KINDS.map(loss));
  return order.find((kind) => loss(kind) <= least + TIE)!;
}

export const everyTask = <Value>(of: (task: Task) => Value): Readonly<Record<Task, Value>> =>
  Object.fromEntries(TASKS.map((task) => [task, of(task)])) as Record<Task, Value>;
