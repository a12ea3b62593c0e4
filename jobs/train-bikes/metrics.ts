// The metrics of a training run: no times of the clock in it, so that the same input gives the same bytes.
import type { Candidate, Task } from '../../models/bikes/bundle.ts';
import type { Observations } from '../../models/bikes/observations.ts';
import type { ModelResult } from '../../shared/outputs/manifest.ts';
import type { Drift } from './drift.ts';
import type { DataNote } from './reading/notes.ts';
import type { FileNotes } from './reading/read-exports.ts';
import type { Dropped } from './reading/reasons.ts';
import { calibrationOf, type CalibrationTenth } from './training/metrics.ts';
import type { Champions, TrainedModel } from './trained.ts';

type Numbers = Readonly<Record<string, number>>;

export interface ModelMetrics {
  /** The kind that won. */
  readonly best: string;
  readonly recipe: string;
  readonly candidates: readonly {
    readonly kind: string;
    readonly recipe: string;
    readonly metrics: Numbers;
  }[];
  /** By method, on the same rows. */
  readonly naive: Readonly<Record<string, Numbers>>;
  /** The champion's recipe on the same rows; null: there is no champion, or it was not measured. */
  readonly champion: ModelResult['champion'];
  /** Of a class: what its probabilities were worth, out of time, by tenths; null for a count. */
  readonly calibration: readonly CalibrationTenth[] | null;
  /** The champion's own predictions since it was trained; null: not measured. */
  readonly drift: Drift | null;
}

export interface TrainingMetrics {
  /** Observations, each an hour at a counter. */
  readonly rows: number;
  readonly counters: number;
  /** ISO 8601 in UTC. */
  readonly firstHour: string;
  readonly lastHour: string;
  readonly dropped: Dropped;
  readonly files: readonly FileNotes[];
  readonly notes: readonly DataNote[];
  readonly models: Readonly<Partial<Record<Task, ModelMetrics>>>;
}

export interface Circumstances {
  readonly dropped: Dropped;
  readonly files: readonly FileNotes[];
  readonly notes: readonly DataNote[];
  readonly champions: Champions;
  readonly drift: Readonly<Partial<Record<Task, Drift>>>;
}

export function metricsOf(
  observations: Observations,
  models: readonly TrainedModel[],
  { dropped, files, notes, champions, drift }: Circumstances,
): TrainingMetrics {
  const span = spanOf(observations);
  return {
    rows: observations.hour.length,
    counters: observations.counters.length,
    firstHour: isoOf(span.first),
    lastHour: isoOf(span.last),
    dropped,
    files,
    notes,
    models: Object.fromEntries(
      models.map((model) => {
        const { best, candidates, naive } = model.descriptor;
        const numbers: ModelMetrics = {
          best,
          recipe: winnerOf(model).recipe,
          candidates: candidates.map(({ kind, recipe, metrics }) => ({ kind, recipe, metrics })),
          naive,
          champion: championOf(model, champions),
          calibration: calibrationIn(model),
          drift: drift[model.task] ?? null,
        };
        return [model.task, numbers];
      }),
    ),
  };
}

/** What the manifest says of a model: the register keeps it, and the publication decides by it. */
export function resultOf(model: TrainedModel, champions: Champions): ModelResult {
  const winner = winnerOf(model);
  return {
    name: model.task,
    recipe: winner.recipe,
    metrics: winner.metrics,
    champion: championOf(model, champions),
    others: model.descriptor.candidates
      .filter((candidate) => candidate !== winner)
      .map(({ recipe, metrics }) => ({ recipe, metrics })),
  };
}

const calibrationIn = ({ task, evidence }: TrainedModel): ModelMetrics['calibration'] =>
  task === 'class' && evidence !== undefined ? calibrationOf(evidence.actual, evidence.predicted) : null;

function championOf({ task, champion }: TrainedModel, champions: Champions): ModelResult['champion'] {
  const publication = champions[task]?.publication;
  return publication === undefined || champion === undefined ? null : { publication, ...champion };
}

function winnerOf({ task, descriptor }: TrainedModel): Candidate {
  const winner = descriptor.candidates.find(({ kind }) => kind === descriptor.best);
  if (winner === undefined)
    throw new RangeError(`the best ${task} is ${descriptor.best}, of which there is none`);
  return winner;
}

/** The few numbers that travel in the manifest, for the console. */
export const summaryOf = (metrics: TrainingMetrics): Record<string, unknown> => ({
  rows: metrics.rows,
  counters: metrics.counters,
  lastHour: metrics.lastHour,
  droppedRows: Object.values(metrics.dropped).reduce((sum, count) => sum + count, 0),
  ...Object.fromEntries(
    Object.entries(metrics.models).map(([task, { best, candidates }]) => [
      task,
      { best, ...candidates.find(({ kind }) => kind === best)?.metrics },
    ]),
  ),
});

function spanOf({ hour }: Observations): { readonly first: number; readonly last: number } {
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const each of hour) {
    if (each < first) first = each;
    if (each > last) last = each;
  }
  return { first, last };
}

const isoOf = (hour: number): string => new Date(hour * 3_600_000).toISOString();
