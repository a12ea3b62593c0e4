// The way between the screens: those of the whole mesh, and those of one pipeline, as data.
import { html, type Html } from '../../shared/page/html.ts';
import type { Translated } from '../../shared/page/languages.ts';
import { isWatch, type Pipeline } from '../../shared/pipelines/pipeline.ts';
import { hasForecast } from './reading/forecast-shape.ts';
import type { View } from './view.ts';
import { SCREENS } from './words/screens.ts';

interface Entry {
  /** After `/p/<pipeline>` for a screen of one pipeline. */
  readonly path: string;
  readonly name: Translated<string>;
}

interface PipelineEntry extends Entry {
  /** A screen that a pipeline has no use for is left out. */
  readonly isFor: (pipeline: Pipeline) => boolean;
}

const always = (): boolean => true;
const isRequested = (pipeline: Pipeline): boolean => !isWatch(pipeline);
const hasModels = ({ outputs }: Pipeline): boolean => outputs.some(({ kind }) => kind === 'model');

const OF_MESH: readonly Entry[] = [
  { path: '/', name: SCREENS.now },
  { path: '/map', name: SCREENS.map },
  { path: '/cost', name: SCREENS.cost },
  { path: '/rights', name: SCREENS.rights },
];

const OF_PIPELINE: readonly PipelineEntry[] = [
  { path: '', name: SCREENS.right, isFor: isWatch },
  { path: '', name: SCREENS.requests, isFor: isRequested },
  { path: '/runs', name: SCREENS.runs, isFor: isWatch },
  { path: '/forecast', name: SCREENS.forecast, isFor: hasForecast },
  { path: '/changes', name: SCREENS.changes, isFor: isWatch },
  { path: '/models', name: SCREENS.models, isFor: hasModels },
  { path: '/commands', name: SCREENS.commands, isFor: always },
  { path: '/audit', name: SCREENS.audit, isFor: always },
];

const linked = (path: string, name: Translated<string>, view: View): Html =>
  view.asked.path === path
    ? html`<a href="${view.path(path)}" aria-current="page">${view.say(name)}</a> `
    : html`${view.link(path, view.say(name))} `;

export const screensOfMesh = (view: View): Html =>
  html`<nav aria-label="Sluice">${OF_MESH.map(({ path, name }) => linked(path, name, view))}</nav>`;

export const screensOf = (pipeline: Pipeline, view: View): Html =>
  html`<nav class="sub" aria-label="${pipeline.name}">
    ${OF_PIPELINE.filter(({ isFor }) => isFor(pipeline)).map(({ path, name }) =>
      linked(`/p/${pipeline.name}${path}`, name, view),
    )}
  </nav>`;
