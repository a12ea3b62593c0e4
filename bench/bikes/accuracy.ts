// Measures every candidate and the naive methods by rolling origins, and the time and memory of the whole training:
// node bench/bikes/accuracy.ts [export.csv.gz]
import { KINDS, TASKS, type Task } from '../../models/bikes/bundle.ts';
import type { Judged } from '../../jobs/train-bikes/training/judge.ts';
import { train } from '../../jobs/train-bikes/training/train.ts';
import { loadCounts, SHARED_EXPORT } from './load.ts';

const path = process.argv[2] ?? SHARED_EXPORT;
const COLUMNS: Readonly<Record<Task, readonly string[]>> = {
  reg: ['logRmse', 'mae', 'rmse', 'r2'],
  class: ['f1', 'accuracy', 'precision', 'recall', 'brier'],
};
const DIGITS: Readonly<Record<string, number>> = { mae: 1, rmse: 1 };

const observations = await loadCounts(path);
const started = performance.now();
const trained = await train(observations, undefined, (done, steps) => {
  const seconds = (performance.now() - started) / 1000;
  process.stderr.write(`\r${done} of ${steps} models after ${seconds.toFixed(0)} s`);
});
const seconds = (performance.now() - started) / 1000;
const { user, system } = process.cpuUsage();
process.stderr.write('\n');
process.stdout.write(
  `${observations.hour.length} rows, ${seconds.toFixed(1)} s, ${((user + system) / 1e6).toFixed(1)} s of a processor, ` +
    `${Math.round(process.resourceUsage().maxRSS / 1024)} MiB at most\n`,
);
const origins = trained.trials.map(({ origin }) =>
  new Date(origin.upTo * 3_600_000).toISOString().slice(0, 10),
);
for (const task of TASKS) {
  const metrics = COLUMNS[task];
  print([task, ...metrics, ...origins]);
  for (const kind of KINDS) print(row(kind, trained.judged[kind], task));
  for (const [name, judged] of Object.entries(trained.naive)) print(row(name, judged, task));
  process.stdout.write(`best: ${trained.tasks[task].recipe}\n\n`);
}
for (const { files } of Object.values(trained.tasks))
  for (const [name, bytes] of files) process.stdout.write(`${name}: ${bytes.length} bytes\n`);

function row(name: string, { metrics, byOrigin }: Judged, task: Task): readonly string[] {
  const [first] = COLUMNS[task];
  return [
    name,
    ...COLUMNS[task].map((metric) => metrics[task][metric]!.toFixed(DIGITS[metric] ?? 4)),
    ...byOrigin.map((each) => each[task][first!]!.toFixed(4)),
  ];
}

function print([name, ...cells]: readonly string[]): void {
  process.stdout.write(`${(name ?? '').padEnd(20)}${cells.map((cell) => cell.padStart(11)).join('')}\n`);
}
