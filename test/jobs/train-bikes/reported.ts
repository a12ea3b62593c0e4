// What the report of a training is made of: two models over three counters, with numbers that are easy to find.
import type { Task } from '../../../models/bikes/bundle.ts';
import { FIRST_HOUR, generatedCounts } from './counts.ts';
import type { Evidence } from '../../../jobs/train-bikes/evidence.ts';
import type { ModelMetrics, TrainingMetrics } from '../../../jobs/train-bikes/metrics.ts';
import type { Reported } from '../../../jobs/train-bikes/train.ts';
import { trainedMeans } from './attempt.ts';

const DAYS = 28;
const COUNTERS = 3;
const FIRST = '2021-06-01T00:00:00.000Z';
const LAST = '2021-08-09T23:00:00.000Z';
const METRICS = { logRmse: 0.1234, mae: 2.5, accuracy: 0.873, f1: 0.81 };

const modelMetrics = (task: Task): ModelMetrics => ({
  ...{ best: 'gbt', recipe: 'gbt: rounds=3', calibration: null },
  candidates: ['gbt', 'rf', 'nn'].map((kind) => ({ kind, recipe: `${kind}: rounds=3`, metrics: METRICS })),
  naive: { 'mean of four weeks': { logRmse: 0.2, mae: 5, accuracy: 0.7, f1: 0.6 }, 'last week': METRICS },
  champion: { publication: 'bikes-000001-0123abcd', recipe: 'rf: rounds=1', metrics: METRICS },
  drift: task === 'class' ? null : driftOf(),
});

const driftOf = (): ModelMetrics['drift'] => ({
  ...{ publication: 'bikes-000001-0123abcd', kind: 'rf', rows: 500, since: FIRST },
  ...{ unknownCounters: 0, metrics: { logRmse: 0.15 } },
});

function evidenceOf(task: Task): Evidence {
  const rows = DAYS * 24 * COUNTERS;
  const indexes = Array.from({ length: rows }, (_, index) => index);
  const shares = indexes.map((index) => ((index * 7) % 100) / 100);
  return {
    counter: Uint16Array.from(indexes, (index) => index % COUNTERS),
    hour: Int32Array.from(indexes, (index) => FIRST_HOUR + Math.floor(index / COUNTERS)),
    actual: Float32Array.from(shares, (share) => (task === 'class' ? Number(share > 0.4) : share * 90)),
    predicted: Float32Array.from(shares, (share) => (task === 'class' ? share : share * 80)),
  };
}

export function reportedOf(name = '28 boulevard Diderot E-O'): Reported {
  const generated = generatedCounts(DAYS, COUNTERS);
  const counters = generated.counters.map((counter, index) => (index === 0 ? { ...counter, name } : counter));
  const observations = { ...generated, counters };
  const dropped = { 'negative-count': 3, 'repeated-row': 1200 };
  const metrics: TrainingMetrics = {
    ...{ rows: 12_000, counters: COUNTERS, firstHour: FIRST, lastHour: LAST, dropped },
    files: [
      { file: `${name}.csv`, rows: 13_203, used: 12_000, dropped, firstHour: FIRST, lastHour: null } as never,
    ],
    notes: [{ kind: 'more', text: `Nothing but zeros of ${name}.` }],
    models: { reg: modelMetrics('reg'), class: modelMetrics('class') },
  };
  const models = (['reg', 'class'] as const).map((task) => ({
    ...trainedMeans(task, observations),
    evidence: evidenceOf(task),
  }));
  return { pipeline: 'bikes', metrics, observations, models };
}
