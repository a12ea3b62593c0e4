// The port of training, by the training of this job.
import { TASKS, type Task } from '../../../models/bikes/bundle.ts';
import type { Observations } from '../../../models/bikes/observations.ts';
import type { Evidence } from '../evidence.ts';
import type { TrainModels } from '../trained.ts';
import { actualOf, joined, type Judged, type Trial } from './judge.ts';
import { train, type Trained, type TrainingOptions } from './train.ts';

export const trainerOf =
  (options: TrainingOptions): TrainModels =>
  async (observations, champions, progress) => {
    const recipes = Object.fromEntries(
      TASKS.map((task) => [task, championsRecipe(champions[task]?.descriptor)]),
    );
    const trained = await train(
      observations,
      recipes,
      (done, total) => progress(done, total, 'models'),
      options,
    );
    return TASKS.map((task) => {
      const { descriptor, files, champion } = trained.tasks[task];
      return {
        task,
        descriptor,
        files: [...files].map(([name, bytes]) => ({ name, bytes })),
        champion,
        evidence: evidenceOf(observations, trained.trials, trained.judged[descriptor.best], task),
        note: noteOf(trained, task),
      };
    });
  };

const championsRecipe = (
  descriptor:
    { readonly best: string; readonly candidates: readonly { kind: string; recipe: string }[] } | undefined,
): string | undefined => descriptor?.candidates.find(({ kind }) => kind === descriptor.best)?.recipe;

const noteOf = ({ notes }: Trained, task: Task): string | undefined =>
  notes.find((note) => note.startsWith(`${task}:`));

function evidenceOf(
  observations: Observations,
  trials: readonly Trial[],
  { answers }: Judged,
  task: Task,
): Evidence {
  const { counter, hour } = observations;
  return {
    counter: Uint16Array.from(trials.flatMap(({ rows }) => Array.from(rows, (row) => counter[row]!))),
    hour: Int32Array.from(trials.flatMap(({ rows }) => Array.from(rows, (row) => hour[row]!))),
    actual: Float32Array.from(
      joined(
        trials.map((trial) => actualOf(observations, trial)),
        task,
      ),
    ),
    predicted: Float32Array.from(joined(answers, task)),
  };
}
