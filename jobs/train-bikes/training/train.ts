// The training: judges every recipe by rolling origins, chooses the best of each task, and fits all to all data.
import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import {
  KINDS,
  modelName,
  type Candidate,
  type Descriptor,
  type Kind,
  type Task,
} from '../../../models/bikes/bundle.ts';
import { COLUMNS } from '../../../models/bikes/features.ts';
import { learn } from '../../../models/bikes/learnt.ts';
import type { Observations } from '../../../models/bikes/observations.ts';
import { openXgboost } from '../../../shared/xgboost/library.ts';
import { examplesOf } from './examples.ts';
import type { FitTask, Fitted } from './fit.ts';
import { fitAll } from './fit-pool.ts';
import { bestOf, everyTask, judgeKinds, judgeNaive, trialsOf, type Judged, type Trial } from './judge.ts';
import type { Metrics } from './metrics.ts';
import { originsOf, spanOf } from './origins.ts';
import { recipeName, recipeOf } from './recipes.ts';

/** By task, the recipe of the model that is served now; absent: there is none. */
export type ChampionRecipes = Readonly<Partial<Record<Task, string>>>;

export interface TrainedTask {
  /** All but the time, which the story knows. */
  readonly descriptor: Omit<Descriptor, 'trainedAt'>;
  /** By name, beside the descriptor. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Of the winner. */
  readonly recipe: string;
  readonly metrics: Metrics;
  /** The champion's recipe on the same rows; undefined: there is none, or this version does not know it. */
  readonly champion: { readonly recipe: string; readonly metrics: Metrics } | undefined;
  /** The other candidates. */
  readonly others: readonly { readonly recipe: string; readonly metrics: Metrics }[];
}

export interface Trained {
  readonly tasks: Readonly<Record<Task, TrainedTask>>;
  readonly notes: readonly string[];
  /** For the report: the origins with their rows, and what every method answered for them. */
  readonly trials: readonly Trial[];
  readonly judged: Readonly<Record<Kind, Judged>>;
  readonly naive: Readonly<Record<string, Judged>>;
}

export interface TrainingOptions {
  /** Path of libxgboost; undefined: where the system has it. */
  readonly library?: string | undefined;
  readonly threads?: number;
}

/** `done` of `steps` models are fitted. */
export type Progress = (done: number, steps: number) => void;

const MOST_THREADS = 4;
/** Longest first, so that no thread is left alone with a long one. */
const ORDER: readonly Kind[] = ['nn', 'rf', 'gbt'];

/** The same observations and champion give the same bytes. Throws `TooFewObservations`. */
export async function train(
  observations: Observations,
  champion: ChampionRecipes | undefined,
  progress: Progress,
  { library, threads = Math.min(MOST_THREADS, availableParallelism()) }: TrainingOptions = {},
): Promise<Trained> {
  const trials = trialsOf(observations, originsOf(observations));
  const upTo = spanOf(observations).last + 1;
  const learnt = learn(observations, upTo);
  const { tasks, collect } = planOf(trials, upTo);
  let done = 0;
  const fitted = collect(
    await fitAll({ observations, library }, tasks, threads, () => progress((done += 1), tasks.length)),
  );
  const judged = judgeKinds(observations, trials, fitted.byTrial);
  const naive = judgeNaive(observations, trials);
  const xgboost = openXgboost(library);
  const taskOf = (task: Task): TrainedTask => {
    const kindOfChampion = championKind(champion, task);
    const best = bestOf(judged, task, kindOfChampion);
    const files = new Map(KINDS.map((kind) => [modelName(task, kind), fitted.final[kind].models[task]]));
    const named = (kind: Kind) => ({
      recipe: recipeName(recipeOf(kind)),
      metrics: judged[kind].metrics[task],
    });
    return {
      descriptor: {
        format: 1,
        task,
        best,
        columns: COLUMNS.map(({ name }) => name),
        candidates: KINDS.map((kind) => candidateOf(task, kind, files, named(kind))),
        naive: Object.fromEntries(Object.entries(naive).map(([name, of]) => [name, of.metrics[task]])),
        examples: examplesOf(xgboost, task, learnt, files),
        learnt,
        threshold: 0.5,
      },
      files,
      ...named(best),
      champion: kindOfChampion && named(kindOfChampion),
      others: KINDS.filter((kind) => kind !== best).map(named),
    };
  };
  return {
    tasks: everyTask(taskOf),
    notes: notesOf(champion),
    trials,
    judged,
    naive,
  };
}

interface Plan {
  readonly tasks: readonly FitTask[];
  readonly collect: (results: readonly Fitted[]) => {
    readonly byTrial: readonly Readonly<Record<Kind, Fitted>>[];
    readonly final: Readonly<Record<Kind, Fitted>>;
  };
}

/** Every kind at every origin, and at the end of the data; the largest first. */
function planOf(trials: readonly Trial[], upTo: number): Plan {
  const ends = [
    ...trials.map(({ origin, rows }) => ({ upTo: origin.upTo, judged: rows })),
    { upTo, judged: new Int32Array() },
  ];
  const tasks = ORDER.flatMap((kind) => ends.toReversed().map((end): FitTask => ({ kind, ...end })));
  const collect: Plan['collect'] = (results) => {
    const at = (end: number): Readonly<Record<Kind, Fitted>> =>
      Object.fromEntries(
        ORDER.map((kind, index) => [kind, results[index * ends.length + (ends.length - 1 - end)]!]),
      ) as Record<Kind, Fitted>;
    return { byTrial: trials.map((_trial, end) => at(end)), final: at(trials.length) };
  };
  return { tasks, collect };
}

function candidateOf(
  task: Task,
  kind: Kind,
  files: ReadonlyMap<string, Uint8Array>,
  { recipe, metrics }: { readonly recipe: string; readonly metrics: Metrics },
): Candidate {
  const file = modelName(task, kind);
  const bytes = files.get(file)!;
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { kind, recipe, file, sizeBytes: bytes.length, sha256, metrics };
}

const championKind = (champion: ChampionRecipes | undefined, task: Task): Kind | undefined =>
  KINDS.find((kind) => recipeName(recipeOf(kind)) === champion?.[task]);

function notesOf(champion: ChampionRecipes | undefined): readonly string[] {
  return (['reg', 'class'] as const).flatMap((task) => {
    const recipe = champion?.[task];
    if (recipe === undefined || championKind(champion, task) !== undefined) return [];
    return [
      `${task}: this version does not know the champion's recipe "${recipe}" and judges as if there were no champion`,
    ];
  });
}
