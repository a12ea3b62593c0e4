// One model on the screen Models.
import { html, NOTHING, type Html } from '../../../shared/page/html.ts';
import { LOCALES } from '../../../shared/page/languages.ts';
import { table } from '../../../shared/page/table.ts';
import type { WatchPipeline } from '../../../shared/pipelines/pipeline.ts';
import { registerPrefix, pointerObject } from '../../../shared/publications/names.ts';
import { LEDGER } from '../../../shared/warehouse/ledger.ts';
import { pagesShown } from '../pages.ts';
import { stateShown, why } from '../parts.ts';
import type { CandidateShown, ModelShown, VersionShown } from '../reading/models.ts';
import { facts, named, type View } from '../view.ts';
import { MODEL_WORDS } from '../words/models.ts';

interface Of {
  readonly pipeline: WatchPipeline;
  readonly isPast: boolean;
  /** The export bucket: `gs://…`. */
  readonly register: string;
}

export function modelShown(model: ModelShown, of: Of, view: View): Html {
  const words = view.say(MODEL_WORDS);
  const { name, metric, better, champion } = model;
  return html`<section id="model-${name}">
    <h2>${name}${view.words.colon}${metric}, ${words.better[better]}</h2>
    ${champion === null ? html`<p>${words.noModel}</p>` : championShown(champion, model, of, view)}
    ${drift(model, of, view)} ${earlier(model, of, view)} ${candidates(model, of, view)}
    ${origin(model, of, view)}
  </section>`;
}

function championShown(champion: VersionShown, model: ModelShown, of: Of, view: View): Html {
  const words = view.say(MODEL_WORDS);
  const { isPinned, pin, served, name } = model;
  const { pipeline } = of;
  return html`${facts([
    [words.champion, html`<code>${champion.publication}</code>`],
    [view.words.labels.run, view.link(`/p/${pipeline.name}/runs/${champion.run}`, champion.run)],
    [words.since, view.time(champion.since, pipeline)],
    [words.madeBy, words.kinds[champion.madeBy] ?? champion.madeBy],
    [
      words.pin,
      !isPinned
        ? words.notPinned
        : html`${stateShown('wait', words.pinned)}
          ${named(pin?.by ?? view.words.none)}${view.words.colon}${named(pin?.reason ?? view.words.none)}.
          ${view.time(pin?.at, pipeline)}`,
    ],
    served === null
      ? undefined
      : [words.served, html`<code>${served.publication}</code>. ${words.servedNote}`],
  ])}
  ${served !== null && served.publication !== champion.publication ? html`<p class="notice">${words.differs}</p>` : ''}
  ${of.isPast || !view.asked.isOperator ? '' : changes(champion, name, isPinned, of, view)}`;
}

/** The forms of the commands on the champion. */
function changes(
  { publication }: VersionShown,
  model: string,
  isPinned: boolean,
  { pipeline }: Of,
  view: View,
): Html {
  const verb = isPinned ? 'unpin' : 'pin';
  const words = view.say(MODEL_WORDS);
  return html`<div class="sub">
    <span
      >${view.link(`/p/${pipeline.name}/commands/new/${verb}`, words.verbs[verb], { model, version: publication })}</span
    >
  </div>`;
}

function drift({ drift: measured }: ModelShown, { pipeline }: Of, view: View): Html {
  const words = view.say(MODEL_WORDS);
  if (measured === null)
    return html`<h3>${words.drift}</h3>
      <p>${words.noDrift}</p>`;
  return html`<h3>${words.drift}</h3>
    <p>
      ${words.driftNote(view.number(measured.rows))} <code>${named(measured.publication)}</code>,
      ${view.time(measured.since, pipeline)}
    </p>
    ${facts(Object.entries(measured.metrics).map(([name, value]) => [name, metricText(value, view)]))}
    ${why({ objects: [measured.object] }, view)}`;
}

const DIGITS = 4;
export const metricText = (value: number | null, view: View): string =>
  value === null
    ? ''
    : value.toLocaleString(LOCALES[view.asked.language], { maximumSignificantDigits: DIGITS });

function earlier({ earlier: versions, name }: ModelShown, { pipeline, isPast }: Of, view: View): Html {
  const words = view.say(MODEL_WORDS);
  const { labels } = view.words;
  const mayRollBack = view.asked.isOperator && !isPast;
  if (versions.length === 0)
    return html`<h3>${words.earlier}</h3>
      <p>${words.noEarlier}</p>`;
  return html`<h3>${words.earlier}</h3>
    ${table<VersionShown>(
      [
        {
          head: words.version,
          kind: 'name',
          cell: ({ publication }) => html`<code>${publication}</code>`,
        },
        {
          head: labels.run,
          kind: 'name',
          cell: ({ run }) => view.link(`/p/${pipeline.name}/runs/${run}`, run),
        },
        { head: words.since, kind: 'name', cell: ({ since }) => view.time(since, pipeline) },
        { head: words.madeBy, kind: 'name', cell: ({ madeBy }) => words.kinds[madeBy] ?? madeBy },
        {
          head: words.permalink,
          kind: 'name',
          cell: ({ entry }) => view.link(`/p/${pipeline.name}/models`, entry, { at: entry }),
        },
        ...(mayRollBack
          ? [
              {
                head: labels.command,
                kind: 'name' as const,
                cell: ({ publication }: VersionShown) =>
                  view.link(`/p/${pipeline.name}/commands/new/rollback`, words.verbs.rollback, {
                    model: name,
                    version: publication,
                  }),
              },
            ]
          : []),
      ],
      versions.slice(0, MOST_VERSIONS),
    )}`;
}

/** Older ones are reached by their permalinks. */
const MOST_VERSIONS = 50;

function candidates(model: ModelShown, { pipeline }: Of, view: View): Html {
  const words = view.say(MODEL_WORDS);
  const { candidates: list, metric, name } = model;
  const at = view.asked.query.get('at') ?? undefined;
  return html`<h3>${words.candidates}</h3>
    <p>${words.sameRows}</p>
    ${list.items.length === 0 ? html`<p>${words.noCandidate}</p>` : rows(model, pipeline, view)}
    ${list.items.length === 0 ? '' : allMetrics(list.items, view)}
    ${pagesShown(list, { name: 'page', label: `${words.candidates}${view.words.colon}${name}, ${metric}`, to: `/p/${pipeline.name}/models`, kept: { at } }, view)}`;
}

function rows({ candidates: { items }, metric }: ModelShown, pipeline: WatchPipeline, view: View): Html {
  const words = view.say(MODEL_WORDS);
  return table<CandidateShown>(
    [
      {
        head: view.words.labels.run,
        kind: 'name',
        cell: ({ run }) => view.link(`/p/${pipeline.name}/runs/${run}`, run),
      },
      { head: words.trained, kind: 'name', cell: ({ trainedAt }) => view.time(trainedAt, pipeline) },
      { head: metric, cell: ({ value }) => metricText(value, view) },
      {
        head: words.champions(metric),
        cell: ({ championsValue }) => metricText(championsValue, view),
      },
      {
        head: words.is,
        kind: 'name',
        cell: ({ isChampion }) => (isChampion ? stateShown('good', words.isChampion) : words.isRegistered),
      },
      { head: words.recipe, kind: 'name', cell: ({ recipe }) => named(recipe) },
    ],
    items,
  );
}

function allMetrics(items: readonly CandidateShown[], view: View): Html {
  const words = view.say(MODEL_WORDS);
  const cells = items.flatMap(({ run, metrics }) =>
    Object.entries(metrics).map(([name, value]) => ({ run, name, value })),
  );
  if (cells.length === 0) return NOTHING;
  return html`<details>
    <summary>${words.metrics}</summary>
    ${table<(typeof cells)[number]>(
      [
        { head: view.words.labels.run, kind: 'name', cell: ({ run }) => run },
        { head: words.metric, kind: 'name', cell: ({ name }) => named(name) },
        { head: words.value, cell: ({ value }) => metricText(value, view) },
      ],
      cells.slice(0, MOST_METRICS),
    )}
  </details>`;
}

const MOST_METRICS = 400;

const origin = ({ name }: ModelShown, { pipeline, register }: Of, view: View): Html =>
  why(
    {
      objects: [
        `${register}/${registerPrefix(pipeline.name, name)}`,
        `${register}/${pointerObject(pipeline.name, name)}`,
      ],
      query: `SELECT * FROM ${LEDGER.dataset}.${LEDGER.table} WHERE pipeline = '${pipeline.name}' ORDER BY ordinal DESC`,
      line: `npm run sluice -- models ${pipeline.name} show`,
    },
    view,
  );
