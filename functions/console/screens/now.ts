// Now: what runs, waits, is held or is overdue, one sentence each, what needs a person first.
import { commandLine } from '../../../shared/command-line.ts';
import { concurrently } from '../../../shared/concurrently.ts';
import { html, type Html } from '../../../shared/page/html.ts';
import { requestsOf, watchesOf } from '../../../shared/pipelines/pipeline.ts';
import type { Pipelines } from '../../../shared/pipelines/registry.ts';
import { leaseObject, stateObject } from '../../../shared/runs/names.ts';
import { nextSteps, stepsOfPipeline } from '../next-steps.ts';
import { conditionShown, why } from '../parts.ts';
import type { Ports } from '../ports.ts';
import { AT_ONCE, readQueue, readStanding, versionsOf, type QueueStanding } from '../reading/pipelines.ts';
import { CONDITIONS, type Standing } from '../reading/standing.ts';
import { screen } from '../screen.ts';
import { facts, spoken, type View } from '../view.ts';

interface Now {
  readonly standings: readonly Standing[];
  readonly queues: readonly QueueStanding[];
  readonly attention: number;
  readonly runsBucket: string;
  /** Beside the data, for the zones of its pipelines; not part of the JSON. */
  readonly pipelines: Pipelines;
}

const NEEDS_A_PERSON: readonly string[] = ['failed', 'held', 'overdue'];

async function readNow(ports: Ports): Promise<Now> {
  const all = [...ports.pipelines.values()];
  const [standings, queues] = await Promise.all([
    concurrently(watchesOf(all), AT_ONCE, async (each) => (await readStanding(each, ports)).standing),
    concurrently(requestsOf(all), AT_ONCE, (each) => readQueue(each, ports)),
  ]);
  const urgency = ({ condition }: Standing) => CONDITIONS.indexOf(condition);
  return {
    standings: standings.toSorted((one, other) => urgency(one) - urgency(other)),
    queues,
    attention: standings.filter(({ condition }) => NEEDS_A_PERSON.includes(condition)).length,
    runsBucket: ports.runs.bucket,
    pipelines: ports.pipelines,
  };
}

export const now = screen<Now>({
  version: (_asked, ports) => versionsOf(ports.pipelines.values(), ports),
  read: (_asked, ports) => readNow(ports),
  title: (_data, { words }) => words.nowTitle,
  pace: ({ standings, queues }) =>
    standings.some(({ condition }) => condition === 'running' || condition === 'queued') ||
    queues.some(({ executing, waiting }) => executing + waiting > 0)
      ? 'live'
      : 'calm',
  body: (data, view) =>
    html`<p>${view.words.nowSummary(data.pipelines.size, data.attention)}</p>
      <ul class="cards">
        ${data.standings.map((standing) => standingCard(standing, data, view))}
        ${data.queues.map((queue) => queueCard(queue, data, view))}
      </ul>`,
});

function standingCard(standing: Standing, { runsBucket, pipelines }: Now, view: View): Html {
  const { words } = view;
  const { pipeline: name, condition, run, reason, since } = standing;
  const pipeline = pipelines.get(name);
  const { labels } = words;
  return html`<li class="card" id="p-${name}">
    <h2>${view.link(`/p/${name}`, name)} ${conditionShown(condition, view)}</h2>
    <p>${words.sentences[condition]}</p>
    ${facts([
      run === null
        ? undefined
        : [labels.run, html`${view.link(`/p/${name}/runs/${run}`, run)} ${standing.status ?? ''}`],
      since === null ? undefined : [labels.since, view.time(since, pipeline)],
      standing.staleSince === null
        ? undefined
        : [labels.staleSince, view.time(standing.staleSince, pipeline)],
      standing.nextPollAt === null ? undefined : [labels.nextPoll, view.time(standing.nextPollAt, pipeline)],
      condition === 'fresh' || reason === null ? undefined : [labels.reason, spoken(reason)],
    ])}
    ${condition === 'fresh' ? '' : nextSteps(stepsOfPipeline(standing), name, view)}
    ${why(
      {
        objects: [stateObject(name), leaseObject(name)].map((object) => `gs://${runsBucket}/${object}`),
        line: commandLine(name, 'status'),
      },
      view,
    )}
  </li>`;
}

function queueCard(queue: QueueStanding, { pipelines }: Now, view: View): Html {
  const { words } = view;
  const { pipeline: name, executing, concurrency, waiting, owners, oldestAt } = queue;
  const isBusy = executing + waiting > 0;
  return html`<li class="card" id="p-${name}">
    <h2>${view.link(`/p/${name}`, name)} ${isBusy ? conditionShown('running', view) : ''}</h2>
    <p>${isBusy ? words.queue(executing, concurrency, waiting, owners) : words.idle}</p>
    ${oldestAt === null ? '' : html`<p>${words.oldest} ${view.time(oldestAt, pipelines.get(name))}</p>`}
    ${why({ line: commandLine(name, 'status') }, view)}
  </li>`;
}
