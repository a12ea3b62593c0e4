// The training as the story asks for it: the champions by their recipes, the results with what the report draws.
import { TASKS, type Task } from '../../../models/bikes/bundle.ts';
import type { Observations } from '../../../models/bikes/observations.ts';
import type { Evidence } from '../evidence.ts';
import type { Champion, TrainedModel, TrainModels } from '../trained.ts';
import { actualOf, joined } from './judge.ts';
import { train, type ChampionRecipes, type Trained, type TrainingOptions } from './train.ts';

export const trainModels =
  (options: TrainingOptions): TrainModels =>
  async (observations, champions, progress) => {
    const recipes: ChampionRecipes = Object.fromEntries(
      Object.entries(champions).map(([task, champion]) => [task, recipeOfChampion(champion)]),
    );
    const trained = await train(
      observations,
      recipes,
      (done, steps) => progress(done, steps, 'model'),
      options,
    );
    return TASKS.map((task): TrainedModel => {
      const { descriptor, files, champion } = trained.tasks[task];
      return {
        task,
        descriptor,
        files: Array.from(files, ([name, bytes]) => ({ name, bytes })),
        champion,
        evidence: evidenceOf(observations, trained, task),
        notes: trained.notes.filter((note) => note.task === task).map(({ text }) => text),
      };
    });
  };

const recipeOfChampion = ({ descriptor: { best, candidates } }: Champion): string | undefined =>
  candidates.find(({ kind }) => kind === best)?.recipe;

/** What the winner answered for the rows of all origins, beside what was counted. */
function evidenceOf(observations: Observations, { trials, judged, tasks }: Trained, task: Task): Evidence {
  const rows = trials.flatMap((trial) => Array.from(trial.rows));
  const actual = trials.map((trial) => actualOf(observations, trial));
  return {
    counter: Uint16Array.from(rows, (row) => observations.counter[row]!),
    hour: Int32Array.from(rows, (row) => observations.hour[row]!),
    actual: Float32Array.from(joined(actual, task)),
    predicted: Float32Array.from(joined(judged[tasks[task].descriptor.best].answers, task)),
  };
}
