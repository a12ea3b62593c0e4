// The timeline of a run as a table that a screen reader reads, whose bars need no colour: each row also has its time.
import { html, type Html } from '../../../shared/page/html.ts';
import { table } from '../../../shared/page/table.ts';
import { durationText } from '../../../shared/page/times.ts';
import type { Pipeline } from '../../../shared/pipelines/pipeline.ts';
import type { TimedStep } from '../reading/timeline.ts';
import type { View } from '../view.ts';

export function timelineShown(timeline: readonly TimedStep[], pipeline: Pipeline, view: View): Html {
  const { labels, steps, timeline: title, timelineNote } = view.words;
  return html`<h2>${title}</h2>
    <p>${timelineNote}</p>
    ${table<TimedStep>(
      [
        { head: labels.step, kind: 'name', cell: ({ kind }) => steps[kind] },
        { head: labels.written, kind: 'name', cell: ({ at }) => view.time(at, pipeline) },
        { head: labels.duration, cell: ({ tookMs }) => durationText(tookMs, view.asked.language) },
        { head: labels.share, kind: 'name', cell: bar },
        { head: labels.object, kind: 'name', cell: ({ object }) => html`<code>${object}</code>` },
        { head: labels.generation, kind: 'name', cell: ({ generation }) => html`<code>${generation}</code>` },
      ],
      timeline,
    )}`;
}

const WIDTH = 200;

/** Shares of the whole, from 0 to 1. What took no time is seen as well. */
export const bar = ({ from, to }: { readonly from: number; readonly to: number }): Html => {
  const x = Math.round(from * WIDTH);
  const width = Math.max(2, Math.round((to - from) * WIDTH));
  return html`<svg class="bars" viewBox="0 0 ${WIDTH + 2} 10" preserveAspectRatio="none" aria-hidden="true">
    <rect x="${x}" y="1" width="${width}" height="8" />
  </svg>`;
};
