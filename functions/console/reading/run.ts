// What the screens read of one run: its history, the refusal of its input, and every object in the order of writing.
import { readRun, type RunHistory } from '../../../shared/history/history.ts';
import { readJson } from '../../../shared/objects/json.ts';
import { outputManifest, type InputProblem } from '../../../shared/outputs/manifest.ts';
import type { WatchPipeline } from '../../../shared/pipelines/pipeline.ts';
import { isWatchRun, manifestObject, outputFolder } from '../../../shared/runs/names.ts';
import { PageProblem } from '../problem.ts';
import type { Asked, Ports } from '../ports.ts';
import { watchIn } from './pipelines.ts';
import { timelineOf, type TimedStep } from './timeline.ts';

export interface Refusal {
  readonly problems: readonly InputProblem[];
  /** The manifest lists the first ones. */
  readonly problemCount: number;
}

export interface RunRead {
  readonly pipeline: WatchPipeline;
  readonly history: RunHistory;
  readonly refusal: Refusal | null;
}

/** The run that the path names; 404 with where the runs are. */
export async function runIn(asked: Asked, ports: Ports): Promise<RunRead> {
  const pipeline = watchIn(asked, ports);
  const run = asked.params['run'] ?? '';
  const history = isWatchRun(run) ? await readRun(ports.runs, pipeline.name, run) : undefined;
  if (history === undefined)
    throw new PageProblem('not-found', `run ${run} of ${pipeline.name}`, [
      { name: `the runs of ${pipeline.name}`, path: `/p/${pipeline.name}/runs` },
    ]);
  return { pipeline, history, refusal: await refusalOf(history, pipeline, ports) };
}

async function refusalOf(
  { run, outcome }: RunHistory,
  { name }: WatchPipeline,
  { results }: Ports,
): Promise<Refusal | null> {
  if (outcome?.outcome !== 'failed' || outcome.attempt === 0) return null;
  const manifest = (await readJson(results, manifestObject(name, run, outcome.attempt), outputManifest))
    ?.value;
  return manifest?.kind === 'refusal' ? manifest : null;
}

const MOST_OBJECTS = 300;

/** The folder of the run, and the manifest of each attempt's output. */
export async function readTimeline(
  { pipeline: { name }, history: { run, attempts } }: RunRead,
  { runs, results }: Ports,
): Promise<readonly TimedStep[]> {
  const [folder, ...manifests] = await Promise.all([
    runs.first(`${name}/${run}/`, MOST_OBJECTS),
    ...attempts.map(({ attempt }) => results.info(`${outputFolder(name, run, attempt)}output.json`)),
  ]);
  return timelineOf([...folder, ...manifests.filter((each) => each !== undefined)]);
}
