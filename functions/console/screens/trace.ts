// The trace of a run as a table with bars: what was part of what, when it began, and how long it took.
import { commandLine } from '../../../shared/command-line.ts';
import { messageOf } from '../../../shared/errors.ts';
import { html, NOTHING, type Html } from '../../../shared/page/html.ts';
import { table } from '../../../shared/page/table.ts';
import { durationText } from '../../../shared/page/times.ts';
import type { WatchPipeline } from '../../../shared/pipelines/pipeline.ts';
import { traceIdOf } from '../../../shared/tracing/ids.ts';
import { screensOf } from '../navigation.ts';
import { pageIn, paged, pagesShown } from '../pages.ts';
import { why } from '../parts.ts';
import type { Asked, Ports } from '../ports.ts';
import { readTimeline, runIn } from '../reading/run.ts';
import type { TimedStep } from '../reading/timeline.ts';
import { waterfallOf, type WaterfallRow } from '../reading/waterfall.ts';
import { screen } from '../screen.ts';
import { named, type View } from '../view.ts';
import { LOG } from '../words/log.ts';
import { bar, timelineShown } from './timeline.ts';

const A_PAGE = 200;

interface Trace {
  readonly pipeline: WatchPipeline;
  readonly run: string;
  readonly traceId: string;
  readonly project: string;
  readonly rows: readonly WaterfallRow[];
  /** Of all pages. */
  readonly all: number;
  readonly page: number;
  readonly pages: number;
  /** Why the trace could not be read; null where it was, even if it has no span. */
  readonly problem: string | null;
  readonly timeline: readonly TimedStep[];
}

async function readTrace(asked: Asked, ports: Ports): Promise<Trace> {
  const wanted = pageIn(asked);
  const read = await runIn(asked, ports);
  const { pipeline, history } = read;
  const traceId = traceIdOf({ pipeline: pipeline.name, run: history.run });
  const { project } = ports;
  // The timeline stands without a trace, so one that cannot be read is no reason to show nothing.
  const [rows, problem] = await ports.traces.spansOf(traceId).then(
    (spans) => [waterfallOf(spans), null] as const,
    (error: unknown) => [[], messageOf(error)] as const,
  );
  const { items, count, page, pages } = paged<WaterfallRow>(rows, wanted, A_PAGE);
  return {
    ...{ pipeline, run: history.run, traceId, project, problem, page, pages },
    rows: items,
    all: count,
    timeline: await readTimeline(read, ports),
  };
}

export const trace = screen<Trace>({
  read: readTrace,
  title: ({ run, pipeline }, view) => `${view.say(LOG).traceTitle} ${run}${view.words.colon}${pipeline.name}`,
  pace: () => 'calm',
  body: (data, view) => {
    const { pipeline, run, traceId, project, timeline } = data;
    return html`${screensOf(pipeline, view)}
      <p>${view.words.labels.run}${view.words.colon}${view.link(`/p/${pipeline.name}/runs/${run}`, run)}</p>
      ${waterfall(data, view)} ${timelineShown(timeline, pipeline, view)}
      ${why({ query: `GET https://cloudtrace.googleapis.com/v1/projects/${project}/traces/${traceId}`, line: commandLine(pipeline.name, `trace ${run}`) }, view)}`;
  },
});

function waterfall(data: Trace, view: View): Html {
  const words = view.say(LOG);
  const { rows, all, problem, pipeline, run } = data;
  const to = `/p/${pipeline.name}/runs/${run}/trace`;
  if (problem !== null) return html`<p class="notice">${words.unanswered} ${view.meshText(problem)}</p>`;
  if (all === 0) return html`<p class="notice">${words.noSpan}</p>`;
  return html`<p>${words.spans(rows.length, all)}</p>
    ${pagesShown(data, { label: words.traceTitle, to }, view)}
    ${table<WaterfallRow>(
      [
        {
          head: words.span,
          kind: 'name',
          cell: ({ name, depth }) => html`${INDENT.repeat(depth)}${named(name)}`,
        },
        { head: words.component, kind: 'name', cell: ({ component }) => component },
        { head: words.after, cell: ({ afterMs }) => durationText(afterMs, view.asked.language) },
        { head: words.took, cell: ({ tookMs }) => durationText(tookMs, view.asked.language) },
        { head: view.words.labels.share, kind: 'name', cell: bar },
        { head: words.details, kind: 'name', cell: detailsShown },
      ],
      rows,
    )}`;
}

const INDENT = '\u2003';

const detailsShown = ({ failure, details }: WaterfallRow): Html =>
  html`${failure === null ? NOTHING : html`<span class="bad">${named(failure)}</span> `}${named(details.join(', '))}`;
