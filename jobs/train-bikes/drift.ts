// How well the champion has predicted what was counted since it was trained: the drift of a model in service.
import type { Task } from '../../models/bikes/bundle.ts';
import { counterKey } from '../../models/bikes/counter-name.ts';
import type { LoadedModel, ModelFiles } from '../../models/bikes/model.ts';
import type { Hour, Observations } from '../../models/bikes/observations.ts';
import { messageOf } from '../../shared/errors.ts';
import type { ReadChampion } from './champions.ts';
import type { DataNote } from './reading/notes.ts';
import { classMetrics, regressionMetrics } from './training/metrics.ts';

export interface Drift {
  readonly publication: string;
  readonly kind: string;
  /** ISO 8601 in UTC: the first hour that the champion was not trained on. */
  readonly since: string;
  /** Rows since then at counters that it knows. */
  readonly rows: number;
  /** Rows at counters that it does not know, which are not measured. */
  readonly unknownCounters: number;
  /** Empty while there are no rows. */
  readonly metrics: Readonly<Record<string, number>>;
}

export interface Drifts {
  readonly drift: Readonly<Partial<Record<Task, Drift>>>;
  readonly notes: readonly DataNote[];
}

/** A champion that this version of the features does not fit is a note. */
export function driftsOf(
  champions: readonly ReadChampion[],
  observations: Observations,
  load: (files: ModelFiles) => LoadedModel,
): Drifts {
  const drift: Partial<Record<Task, Drift>> = {};
  const notes: DataNote[] = [];
  for (const { task, champion, files } of champions) {
    try {
      drift[task] = driftOf(champion.publication, load(files), observations);
    } catch (error) {
      const text = `The champion ${champion.publication} of ${task} cannot be loaded, so its drift is not measured: ${messageOf(error).slice(0, 200)}.`;
      notes.push({ kind: 'champion', text });
    }
  }
  return { drift, notes };
}

const ROWS_AT_ONCE = 10_000;

export function driftOf(publication: string, model: LoadedModel, observations: Observations): Drift {
  const { best, task, learnt } = model.descriptor;
  const { known, unknown } = rowsSince(observations, model, learnt.upTo);
  const predicted = new Float64Array(known.length);
  for (let from = 0; from < known.length; from += ROWS_AT_ONCE) {
    const asked = known.slice(from, from + ROWS_AT_ONCE).map(({ name, hour }) => ({ place: { name }, hour }));
    for (const [index, { prediction }] of model.answer(best, asked).entries())
      predicted[from + index] = prediction;
  }
  return {
    publication,
    kind: best,
    since: new Date(learnt.upTo * 3_600_000).toISOString(),
    rows: known.length,
    unknownCounters: unknown,
    metrics: known.length === 0 ? {} : errorsOf(task, known, predicted),
  };
}

interface KnownRow {
  readonly name: string;
  readonly hour: Hour;
  readonly count: number;
  /** The champion's own mean of the counter, above which it calls an hour `forte`. */
  readonly mean: number;
}

function rowsSince({ counters, counter, hour, count }: Observations, model: LoadedModel, since: Hour) {
  const means = new Map(model.descriptor.learnt.counters.map(({ name, mean }) => [counterKey(name), mean]));
  const meanOf = counters.map(({ name }) => means.get(counterKey(name)));
  const known: KnownRow[] = [];
  let unknown = 0;
  for (let row = 0; row < hour.length; row += 1) {
    if (hour[row]! < since) continue;
    const mean = meanOf[counter[row]!];
    if (mean === undefined) unknown += 1;
    else known.push({ name: counters[counter[row]!]!.name, hour: hour[row]!, count: count[row]!, mean });
  }
  return { known, unknown };
}

/** A class was called, and not with what probability: there is no Brier score. */
function errorsOf(task: Task, rows: readonly KnownRow[], predicted: Float64Array): Record<string, number> {
  const counts = rows.map(({ count }) => count);
  if (task === 'reg') return regressionMetrics(counts, predicted);
  const above = rows.map(({ count, mean }) => Number(count > mean));
  const metrics = Object.entries(classMetrics(above, predicted));
  return Object.fromEntries(metrics.filter(([name]) => name !== 'brier'));
}
