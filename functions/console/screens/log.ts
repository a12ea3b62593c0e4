// The log of a run's job: plain lines that the browser's own search finds, a page at a time, the newest last.
import { commandLine } from '../../../shared/command-line.ts';
import { PermanentError } from '../../../shared/errors.ts';
import { readWholeLog, type LogLine, type LogPage } from '../../../shared/executions/job-log.ts';
import { html, NOTHING, type Html } from '../../../shared/page/html.ts';
import type { WatchPipeline } from '../../../shared/pipelines/pipeline.ts';
import type { PageFile } from '../file.ts';
import { screensOf } from '../navigation.ts';
import { why } from '../parts.ts';
import { PageProblem } from '../problem.ts';
import type { Asked, Ports } from '../ports.ts';
import { isMissing, Parts, type PartProblem } from '../reading/part.ts';
import { runIn, type RunRead } from '../reading/run.ts';
import { screen } from '../screen.ts';
import { shortened, type View } from '../view.ts';
import { LOG } from '../words/log.ts';
import { missingShown } from '../missing.ts';

const A_PAGE = 500;
/** A line may have 64 kB; the text file has it whole. */
const LONGEST_LINE = 2_000;

interface Log extends LogPage {
  readonly pipeline: WatchPipeline;
  readonly run: string;
  readonly attempts: readonly number[];
  readonly attempt: number | null;
  readonly execution: string | null;
  readonly query: string | null;
  readonly isNewest: boolean;
  /** Why Cloud Logging could not be read; null where it was, even if it has no line. */
  readonly problem: PartProblem | null;
}

/** The attempt that `attempt=` names, or the last; 404 with those that there are. */
function attemptIn({ query }: Asked, { pipeline, history: { run, attempts } }: RunRead) {
  const wanted = query.get('attempt');
  if (wanted === null) return attempts.at(-1);
  const found = attempts.find(({ attempt }) => String(attempt) === wanted);
  if (found !== undefined) return found;
  throw new PageProblem(
    'not-found',
    `attempt ${wanted.slice(0, 20)} of run ${run}`,
    attempts.map(({ attempt }) => ({
      name: String(attempt),
      path: `/p/${pipeline.name}/runs/${run}/log?attempt=${attempt}`,
    })),
  );
}

async function readLog(asked: Asked, ports: Ports): Promise<Log> {
  const read = await runIn(asked, ports);
  const attempt = attemptIn(asked, read);
  const execution = attempt?.execution?.split('/').at(-1) ?? null;
  const page = asked.query.get('page') ?? undefined;
  const found = execution === null ? NO_LINES : await pageOf(execution, page, { asked, read }, ports);
  return {
    pipeline: read.pipeline,
    run: read.history.run,
    attempts: read.history.attempts.map((each) => each.attempt),
    attempt: attempt?.attempt ?? null,
    execution,
    query: execution === null ? null : ports.jobLog.queryOf(execution),
    isNewest: page === undefined,
    ...found,
  };
}

const NO_LINES = { lines: [], earlier: null, problem: null };

/** Attempts, the query and the command for a terminal are of use without Cloud Logging, so its silence is a part of the page. */
async function pageOf(
  execution: string,
  page: string | undefined,
  { asked, read: { pipeline, history } }: { readonly asked: Asked; readonly read: RunRead },
  ports: Ports,
): Promise<Pick<Log, 'lines' | 'earlier' | 'problem'>> {
  const found = await new Parts(ports).read(`the log of ${execution}`, async () => {
    try {
      return await ports.jobLog.read(execution, { most: A_PAGE, page });
    } catch (error) {
      if (page === undefined || !(error instanceof PermanentError)) throw error;
      const words = LOG[asked.language];
      const path = `/p/${pipeline.name}/runs/${history.run}/log`;
      throw new PageProblem('invalid', 'this page of the log is not known; open the newest lines', [
        { name: words.newest, path },
      ]);
    }
  });
  return isMissing(found) ? { ...NO_LINES, problem: found.problem } : { ...found, problem: null };
}

export const log = screen<Log>({
  read: readLog,
  title: ({ run, pipeline }, view) => `${view.say(LOG).title} ${run}${view.words.colon}${pipeline.name}`,
  // Cloud Logging answers 60 such reads a minute and project: an open page does not ask every five seconds.
  pace: () => 'calm',
  body: (data, view) => {
    const { pipeline, run, execution, query, attempt } = data;
    const of = `/p/${pipeline.name}/runs/${run}`;
    const line = commandLine(pipeline.name, `log ${run}${attempt === null ? '' : ` --attempt ${attempt}`}`);
    return html`${screensOf(pipeline, view)}
      <p>${view.words.labels.run}${view.words.colon}${view.link(of, run)}. ${attemptsShown(data, view)}</p>
      ${linesShown(data, view)}
      ${
        execution === null
          ? NOTHING
          : html`<p>${view.link(`${of}/log.txt`, view.say(LOG).whole, { attempt: attempt ?? undefined })}</p>`
      }
      ${why({ line, ...(query !== null && { query }) }, view)}`;
  },
});

function attemptsShown({ attempts, attempt: current, pipeline, run }: Log, view: View): Html {
  const words = view.say(LOG);
  return html`${attempts.map((attempt) =>
    attempt === current
      ? html`<strong>${words.attempt(attempt)}</strong> `
      : html`${view.link(`/p/${pipeline.name}/runs/${run}/log`, words.attempt(attempt), { attempt })} `,
  )}`;
}

function linesShown(data: Log, view: View): Html {
  const { lines, execution, pipeline, run, attempt, earlier, isNewest, problem } = data;
  const words = view.say(LOG);
  const of = `/p/${pipeline.name}/runs/${run}/log`;
  if (execution === null) return html`<p>${words.noExecution}</p>`;
  if (problem !== null) return missingShown('log', problem, view);
  const kept = { attempt: attempt ?? undefined };
  const pager = html`<nav class="pager" aria-label="${words.title}">
    ${earlier === null ? '' : view.link(of, words.earlier, { ...kept, page: earlier })}
    ${isNewest ? '' : view.link(of, words.newest, kept)}
  </nav>`;
  if (lines.length === 0)
    return html`<p>${words.noLine}</p>
      ${isNewest ? NOTHING : pager}`;
  return html`<p>${words.note(lines.length)}</p>
    ${earlier === null && isNewest ? NOTHING : pager}
    <pre class="log" tabindex="0">${lines.map((line) => lineShown(line, pipeline, view))}</pre>`;
}

const lineShown = ({ at, severity, text }: LogLine, pipeline: WatchPipeline, view: View): Html =>
  html`${view.time(at, pipeline)} ${severity} <bdi>${shortened(text, LONGEST_LINE)}</bdi>${NEW_LINE}`;

/** The formatter of this project may break a template's own lines. */
const NEW_LINE = '\n';

/** The whole log, in UTC, so that a file says its zone by itself. */
export async function logFile(asked: Asked, ports: Ports): Promise<PageFile> {
  const read = await runIn(asked, ports);
  const { pipeline, history } = read;
  const attempt = attemptIn(asked, read);
  const execution = attempt?.execution?.split('/').at(-1);
  if (attempt === undefined || execution === undefined)
    throw new PageProblem('not-found', `the log of run ${history.run}`, [
      { name: history.run, path: `/p/${pipeline.name}/runs/${history.run}` },
    ]);
  const { lines, isCut } = await readWholeLog(ports.jobLog, execution);
  const text = lines.map(({ at, severity, text: line }) => `${at} ${severity} ${line}\n`);
  return {
    type: 'text/plain; charset=utf-8',
    content: [...(isCut ? [`${LOG[asked.language].cut(lines.length)}\n`] : []), ...text].join(''),
    download: `${pipeline.name}-${history.run}-attempt-${attempt.attempt}.txt`,
    isFixed: false,
  };
}
