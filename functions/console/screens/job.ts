// One requested run: its state and why, what happened, its gates and attempts, estimate and cost; never what was sent.
import { commandLine } from '../../../shared/command-line.ts';
import type { JobState } from '../../../shared/api/schemas.ts';
import { html, NOTHING, type Html } from '../../../shared/page/html.ts';
import { table } from '../../../shared/page/table.ts';
import type { RequestsPipeline } from '../../../shared/pipelines/pipeline.ts';
import { estimateShown, jobStateShown } from '../job-parts.ts';
import { dollars } from '../money.ts';
import { nextSteps, stepsOfRun } from '../next-steps.ts';
import { screensOf } from '../navigation.ts';
import { why } from '../parts.ts';
import { jobIn, type Gate, type JobRead } from '../reading/jobs.ts';
import { requestsIn } from '../reading/pipelines.ts';
import { screen } from '../screen.ts';
import { facts, named, spoken, type View } from '../view.ts';
import { REQUEST_WORDS } from '../words/requests.ts';

interface Job extends JobRead {
  readonly pipeline: RequestsPipeline;
  readonly bucket: string;
}

/** How the commands of runs call the state. */
const STATUS: Partial<Readonly<Record<JobState, string>>> = {
  'waiting-approval': 'queued',
  queued: 'queued',
  starting: 'running',
  running: 'running',
  held: 'held',
};

export const job = screen<Job>({
  async read(asked, ports) {
    const pipeline = requestsIn(asked, ports);
    return { pipeline, bucket: ports.runs.bucket, ...(await jobIn(asked, pipeline, ports)) };
  },
  title: ({ run, pipeline }, view) =>
    `${view.say(REQUEST_WORDS).job} ${run.slice(0, 26)}…${view.words.colon}${pipeline.name}`,
  pace: ({ state }) =>
    ['queued', 'starting', 'running', 'cancelling', 'waiting-approval'].includes(state) ? 'live' : 'calm',
  body: (data, view) => {
    const { pipeline, run, state, code } = data;
    const words = view.say(REQUEST_WORDS);
    return html`${screensOf(pipeline, view)}
      <p>${words.notShown}</p>
      ${data.isErased ? html`<p class="notice">${words.erased}</p>` : ''} ${summary(data, view)}
      ${nextSteps(stepsOfRun(pipeline.name, run, STATUS[state] ?? '', code), pipeline.name, view)}
      ${gatesShown(data, view)} ${historyShown(data, view)} ${attemptsShown(data, view)}
      ${why({ objects: [`gs://${data.bucket}/${pipeline.name}/${run}/`], line: commandLine(pipeline.name, `run ${run}`) }, view)}`;
  },
});

function summary(data: Job, view: View): Html {
  const words = view.say(REQUEST_WORDS);
  const { labels, none } = view.words;
  const { pipeline, requester, estimate, cost, endedAt, maxCost, result } = data;
  const money = (amount: number) => dollars(amount, view.asked.language);
  const isEnded = endedAt !== null;
  return facts([
    [labels.run, html`<code>${data.run}</code>`],
    [words.state, html`${jobStateShown(data.state)} ${data.code ?? ''}`],
    data.reason === null ? undefined : [labels.reason, view.meshText(data.reason)],
    [words.owner, view.link(`/p/${pipeline.name}`, html`<code>${data.owner}</code>`, { owner: data.owner })],
    [words.requester, named(requester.email ?? `${requester.subject} (${requester.issuer})`)],
    [words.accepted, view.time(data.acceptedAt, pipeline)],
    isEnded ? undefined : [words.expires, view.time(data.expiresAt, pipeline)],
    [labels.ended, view.time(endedAt, pipeline)],
    [words.preset, named(data.preset ?? none)],
    [words.priority, String(data.priority)],
    [
      words.estimate,
      `${estimateShown(estimate, money)} (${money(estimate.low)} – ${money(estimate.high)}, ${words.basis(data.estimatedFrom)})`,
    ],
    [isEnded ? words.cost : words.costSoFar, cost === null ? none : money(cost)],
    maxCost === null ? undefined : [words.maxCost, money(maxCost)],
    result === null || data.isErased
      ? undefined
      : [words.result, named(`${result.name}, ${words.bytes(view.number(result.size))}`)],
  ]);
}

function gatesShown({ gates, pipeline }: Job, view: View): Html {
  const words = view.say(REQUEST_WORDS);
  const { labels } = view.words;
  if (gates.length === 0) return NOTHING;
  return html`<h2>${words.gates}</h2>
    ${table<Gate>(
      [
        { head: words.gate, kind: 'name', cell: ({ gate }) => gate },
        { head: labels.decision, kind: 'name', cell: ({ kind }) => kind },
        { head: labels.at, kind: 'name', cell: ({ at }) => (at === null ? '' : view.time(at, pipeline)) },
        { head: labels.by, kind: 'name', cell: ({ by }) => (by === null ? '' : named(by)) },
        { head: labels.reason, kind: 'name', cell: ({ reason }) => (reason === null ? '' : spoken(reason)) },
      ],
      gates,
    )}`;
}

const historyShown = ({ history, pipeline }: Job, view: View): Html =>
  html`<h2>${view.say(REQUEST_WORDS).history}</h2>
    ${table<Job['history'][number]>(
      [
        { head: view.words.labels.at, kind: 'name', cell: ({ at }) => view.time(at, pipeline) },
        { head: view.say(REQUEST_WORDS).state, kind: 'name', cell: ({ state }) => jobStateShown(state) },
      ],
      history,
    )}`;

function attemptsShown({ attempts, pipeline }: Job, view: View): Html {
  const { labels } = view.words;
  if (attempts.length === 0) return NOTHING;
  return html`<h2>${labels.attempts}</h2>
    ${table<Job['attempts'][number]>(
      [
        { head: labels.attempt, cell: ({ attempt }) => String(attempt) },
        { head: labels.at, kind: 'name', cell: ({ at }) => view.time(at, pipeline) },
        { head: labels.execution, kind: 'name', cell: ({ execution }) => execution?.split('/').at(-1) ?? '' },
        {
          head: labels.because,
          kind: 'name',
          cell: ({ because }) => (because === undefined ? '' : view.meshText(because)),
        },
      ],
      attempts,
    )}`;
}
