// Decides which kind of the loaded model answers: a pure function of the request and the descriptor.
import type { Candidate, Descriptor, Kind } from '../../models/bikes/bundle.ts';
import { kindsOf } from '../../models/bikes/model.ts';
import { shown } from '../../shared/http/shown.ts';
import type { Problem } from './refused.ts';

export type Choice =
  | {
      readonly kind: 'chosen';
      readonly type: Kind;
      readonly metric: string;
      readonly score: number | undefined;
    }
  | { readonly kind: 'wrong'; readonly problem: Problem };

interface Wanted {
  readonly modelType: string | undefined;
  readonly metric: string | undefined;
}

/** Of these the larger is the better; of errors, the smaller. */
const LARGER_IS_BETTER = new Set(['r2', 'accuracy', 'precision', 'recall', 'f1', 'f1score', 'auc']);
/** `f1_score`, `F1Score` and `f1score` are one metric. */
const keyOf = (metric: string): string => metric.toLowerCase().replace(/[^a-z0-9]/g, '');
const ALIASES: Readonly<Record<string, string>> = { f1score: 'f1' };

/** `usual`: the metric that the pipeline chooses its champions by. */
export function choose(described: Descriptor, { modelType = 'best', metric }: Wanted, usual: string): Choice {
  const known = metricsOf(described);
  const named = metric === undefined ? usual : known.find((each) => isSame(each, metric));
  if (named === undefined) return wrong('metric', metric, `one of ${known.join(', ')}`);
  const kinds = kindsOf(described);
  const type = modelType === 'best' ? best(described, metric === undefined ? undefined : named) : modelType;
  const chosen = described.candidates.find(({ kind }) => kind === type);
  if (chosen === undefined) return wrong('model_type', modelType, `one of best, ${kinds.join(', ')}`);
  return { kind: 'chosen', type: chosen.kind, metric: named, score: chosen.metrics[named] };
}

/** Metrics that every kind was measured by. */
const metricsOf = ({ candidates }: Descriptor): readonly string[] =>
  Object.keys(candidates[0]?.metrics ?? {}).filter((name) =>
    candidates.every(({ metrics }) => Object.hasOwn(metrics, name)),
  );

const isSame = (one: string, other: string): boolean => {
  const [key, wanted] = [keyOf(one), keyOf(other)];
  return key === wanted || key === ALIASES[wanted];
};

/** Ties go to the winner of training. */
function best({ candidates, best: winner }: Descriptor, metric: string | undefined): Kind {
  if (metric === undefined) return winner;
  const sign = LARGER_IS_BETTER.has(keyOf(metric)) ? -1 : 1;
  const rankOf = ({ kind, metrics }: Candidate) =>
    [sign * metrics[metric]!, kind === winner ? 0 : 1] as const;
  const [first] = candidates.toSorted((one, other) => {
    const [a, b] = [rankOf(one), rankOf(other)];
    return a[0] - b[0] || a[1] - b[1];
  });
  return first!.kind;
}

const wrong = (field: string, found: unknown, expected: string): Choice => ({
  kind: 'wrong',
  problem: { field, found: shown(found), expected },
});
