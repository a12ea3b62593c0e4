// Models: the champion of each model and its pin, what services follow, drift, versions to roll back to, and candidates.
import { html, type Html } from '../../../shared/page/html.ts';
import type { WatchPipeline } from '../../../shared/pipelines/pipeline.ts';
import { screensOf } from '../navigation.ts';
import { PageProblem } from '../problem.ts';
import type { Asked, Ports } from '../ports.ts';
import { modelsOf, readModels, type ModelsRead } from '../reading/models.ts';
import { watchIn } from '../reading/pipelines.ts';
import { screen } from '../screen.ts';
import type { View } from '../view.ts';
import { MODEL_WORDS } from '../words/models.ts';
import { SCREENS } from '../words/screens.ts';
import { modelShown } from './model.ts';
import { asOf } from './past.ts';

interface Models extends ModelsRead {
  readonly pipeline: WatchPipeline;
  readonly register: string;
}

async function read(asked: Asked, ports: Ports): Promise<Models> {
  const pipeline = watchIn(asked, ports);
  if (modelsOf(pipeline).length === 0)
    throw new PageProblem(
      'not-found',
      `${pipeline.name} publishes no model`,
      [...ports.pipelines.values()]
        .filter(({ outputs }) => outputs.some(({ kind }) => kind === 'model'))
        .map(({ name }) => ({ name, path: `/p/${name}/models` })),
    );
  const found = await readModels(pipeline, asked, ports);
  if (found !== undefined) return { ...found, pipeline, register: `gs://${ports.exports.bucket}` };
  throw new PageProblem('not-found', `publication ${asked.query.get('at') ?? ''} of ${pipeline.name}`, [
    { name: pipeline.name, path: `/p/${pipeline.name}/models` },
  ]);
}

export const models = screen<Models>({
  read,
  title: ({ pipeline }, view) => `${view.say(SCREENS.models)}${view.words.colon}${pipeline.name}`,
  pace: () => 'calm',
  body: (data, view) => {
    const words = view.say(MODEL_WORDS);
    return html`${screensOf(data.pipeline, view)} ${data.isPast ? past(data, view) : ''}
      <p>${words.intro}</p>
      ${data.isPart ? html`<p class="notice">${words.isPart}</p>` : ''}
      ${data.models.map((each) => modelShown(each, data, view))}`;
  },
});

const past = ({ pipeline, at }: Models, view: View): Html =>
  asOf(at?.id ?? '', `/p/${pipeline.name}/models`, view, view.say(MODEL_WORDS).past);
