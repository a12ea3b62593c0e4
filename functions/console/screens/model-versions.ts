// The versions that a rollback may go to: each with when it was current and trained, and what was measured then.
import { html, NOTHING, type Html } from '../../../shared/page/html.ts';
import { table } from '../../../shared/page/table.ts';
import type { Subject, VersionToChoose } from '../forms/about.ts';
import type { FormPlace } from '../forms/subject.ts';
import type { View } from '../view.ts';
import { MODEL_WORDS } from '../words/models.ts';
import { metricText } from './model.ts';

/** Beside the one that the model is judged by. */
const MOST_METRICS = 6;

export function versionsShown({ models, pipeline }: Subject & FormPlace, view: View): Html {
  if (models === undefined || models.versions.length === 0) return NOTHING;
  const words = view.say(MODEL_WORDS);
  const metric = models.versions.find(({ measured }) => measured)?.measured?.metric;
  return html`<fieldset>
    <legend>${words.version}</legend>
    <p>${words.sameRows} ${words.otherRows}</p>
    ${table<VersionToChoose>(
      [
        { head: words.version, kind: 'name', cell: (each) => choice(each, models.chosen) },
        { head: words.since, kind: 'name', cell: ({ since }) => view.time(since, pipeline) },
        { head: words.madeBy, kind: 'name', cell: ({ madeBy }) => words.kinds[madeBy] ?? madeBy },
        {
          head: words.trained,
          kind: 'name',
          cell: ({ measured }) => (measured ? view.time(measured.trainedAt, pipeline) : words.notKept),
        },
        ...(metric === undefined ? [] : measurements(metric, view)),
      ],
      models.versions,
    )}
  </fieldset>`;
}

const measurements = (metric: string, view: View) => {
  const words = view.say(MODEL_WORDS);
  return [
    { head: metric, cell: ({ measured }: VersionToChoose) => metricText(measured?.value ?? null, view) },
    {
      head: words.champions(metric),
      cell: ({ measured }: VersionToChoose) => metricText(measured?.championsValue ?? null, view),
    },
    {
      head: words.otherMetrics,
      kind: 'name' as const,
      cell: ({ measured }: VersionToChoose) =>
        Object.entries(measured?.metrics ?? {})
          .filter(([name]) => name !== metric)
          .slice(0, MOST_METRICS)
          .map(([name, value], at) => `${at === 0 ? '' : ', '}${name} ${metricText(value, view)}`)
          .join(''),
    },
  ];
};

const choice = ({ publication }: VersionToChoose, chosen: string | null): Html =>
  html`<label class="choice">
    ${
      publication === chosen
        ? html`<input type="radio" name="to" value="${publication}" required checked />`
        : html`<input type="radio" name="to" value="${publication}" required />`
    }
    <code>${publication}</code></label
  >`;
