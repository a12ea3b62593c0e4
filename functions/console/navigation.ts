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
  /** It shows the past as well: `?at=<publication>` stays when a reader goes there. */
  readonly hasPast?: true;
}

const always = (): boolean => true;
const isRequested = (pipeline: Pipeline): boolean => !isWatch(pipeline);
const hasModels = ({ outputs }: Pipeline): boolean => outputs.some(({ kind }) => kind === 'model');

const OF_MESH: readonly Entry[] = [
  { path: '/', name: SCREENS.now },
  { path: '/dead-letters', name: SCREENS.deadLetters },
  { path: '/map', name: SCREENS.map },
  { path: '/cost', name: SCREENS.cost },
  { path: '/rights', name: SCREENS.rights },
];

const OF_PIPELINE: readonly PipelineEntry[] = [
  { path: '', name: SCREENS.right, isFor: isWatch, hasPast: true },
  { path: '', name: SCREENS.requests, isFor: isRequested },
  { path: '/runs', name: SCREENS.runs, isFor: isWatch },
  { path: '/forecast', name: SCREENS.forecast, isFor: hasForecast, hasPast: true },
  { path: '/sources', name: SCREENS.sources, isFor: isWatch, hasPast: true },
  { path: '/changes', name: SCREENS.changes, isFor: isWatch, hasPast: true },
  { path: '/models', name: SCREENS.models, isFor: hasModels, hasPast: true },
  { path: '/commands', name: SCREENS.commands, isFor: always },
  { path: '/audit', name: SCREENS.audit, isFor: always },
];

const linked = (path: string, name: Translated<string>, view: View, at?: string): Html =>
  view.asked.path === path
    ? html`<a href="${view.path(path, { at })}" aria-current="page">${view.say(name)}</a> `
    : html`${view.link(path, view.say(name), { at })} `;

const atOf = ({ asked }: View): string | undefined => asked.query.get('at') ?? undefined;

export const screensOfMesh = (view: View): Html =>
  html`<nav aria-label="Sluice">${OF_MESH.map(({ path, name }) => linked(path, name, view))}</nav>`;

export const screensOf = (pipeline: Pipeline, view: View): Html =>
  html`<nav class="sub" aria-label="${pipeline.name}">
    ${OF_PIPELINE.filter(({ isFor }) => isFor(pipeline)).map(({ path, name, hasPast }) =>
      linked(`/p/${pipeline.name}${path}`, name, view, hasPast && atOf(view)),
    )}
  </nav>`;
