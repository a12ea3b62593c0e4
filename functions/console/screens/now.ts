// Now: what runs, waits, is held or is overdue, one sentence each, what needs a person first.
import { commandLine } from '../../../shared/command-line.ts';
import type { DeadLetterList } from '../../../shared/dead-letters/list.ts';
import { html, type Html } from '../../../shared/page/html.ts';
import type { Pipelines } from '../../../shared/pipelines/registry.ts';
import { leaseObject, stateObject } from '../../../shared/runs/names.ts';
import { nextSteps, stepsOfPipeline } from '../next-steps.ts';
import { pageIn, paged, pagesShown } from '../pages.ts';
import { conditionShown, pauseShown, stateShown, why } from '../parts.ts';
import type { Asked, Ports } from '../ports.ts';
import type { Unread } from '../reading/all.ts';
import type { QueueStanding } from '../reading/pipelines.ts';
import type { Standing } from '../reading/standing.ts';
import { screen } from '../screen.ts';
import { facts, type View } from '../view.ts';
import { DEAD_LETTER_WORDS } from '../words/dead-letters.ts';
import { MISSING } from '../words/missing.ts';
import { missingShown } from '../missing.ts';

interface Now {
  /** Pipelines whose state could not be read, and why. */
  readonly unread: readonly Unread[];
  readonly standings: readonly Standing[];
  readonly queues: readonly QueueStanding[];
  readonly attention: number;
  /** As they were last read; null where that is not known. */
  readonly deadLetters: Pick<DeadLetterList, 'count' | 'isAll' | 'readAt'> | null;
  readonly isLive: boolean;
  readonly page: number;
  readonly pages: number;
  readonly runsBucket: string;
  /** Beside the data, for the zones of its pipelines; not part of the JSON. */
  readonly pipelines: Pipelines;
}

const NEEDS_A_PERSON: readonly string[] = ['failed', 'held', 'overdue'];

/** More are on the next page; those that need a person are on the first. */
const A_PAGE = 60;

async function readNow(asked: Asked, ports: Ports): Promise<Now> {
  const [{ standings, queues, unread }, deadLetters] = await Promise.all([
    ports.all.of(ports),
    ports.deadLetters.recent(asked.assertion),
  ]);
  const { items, page, pages } = paged([...unread, ...standings], pageIn(asked), A_PAGE);
  return {
    unread: items.flatMap((each) => ('problem' in each ? [each] : [])),
    standings: items.flatMap((each) => ('problem' in each ? [] : [each])),
    queues: page === 1 ? queues.slice(0, A_PAGE) : [],
    attention: unread.length + standings.filter(({ condition }) => NEEDS_A_PERSON.includes(condition)).length,
    deadLetters:
      deadLetters === undefined
        ? null
        : { count: deadLetters.count, isAll: deadLetters.isAll, readAt: deadLetters.readAt },
    isLive:
      standings.some(({ condition }) => condition === 'running' || condition === 'queued') ||
      queues.some(({ executing, waiting }) => executing + waiting > 0),
    ...{ page, pages },
    runsBucket: ports.runs.bucket,
    pipelines: ports.pipelines,
  };
}

export const now = screen<Now>({
  async version(asked, ports, depth) {
    const deadLetters = await ports.deadLetters.recent(asked.assertion);
    return `${await ports.all.version(ports, depth)} ${deadLetters?.readAt ?? 'not read'}`;
  },
  read: readNow,
  title: (_data, { words }) => words.nowTitle,
  isWhole: ({ unread }) => unread.length === 0,
  pace: ({ isLive }) => (isLive ? 'live' : 'calm'),
  body: (data, view) =>
    html`<p>${view.words.nowSummary(data.pipelines.size, data.attention)}</p>
      ${deadLettersShown(data, view)}
      <ul class="cards">
        ${data.unread.map((each) => unreadCard(each, data, view))}
        ${data.standings.map((standing) => standingCard(standing, data, view))}
        ${data.queues.map((queue) => queueCard(queue, data, view))}
      </ul>
      ${pagesShown(data, { label: view.words.nowTitle, to: '/' }, view)}`,
});

function deadLettersShown({ deadLetters }: Now, view: View): Html {
  const say = view.say(DEAD_LETTER_WORDS);
  if (deadLetters === null) return html`<p>${view.link('/dead-letters', say.unknown)}</p>`;
  const { count, isAll, readAt } = deadLetters;
  const text = count === 0 ? say.none : say.count(view.number(count), count === 1, isAll);
  return html`<p>${view.link('/dead-letters', text)} (${say.readAt} ${view.utc(readAt)})</p>`;
}

/** Its own page may show more: what is published stands in the ledger. */
function unreadCard({ pipeline: name, problem }: Unread, { runsBucket }: Now, view: View): Html {
  return html`<li class="card" id="p-${name}">
    <h2>${view.link(`/p/${name}`, name)} ${stateShown('bad', view.say(MISSING).unknown)}</h2>
    ${missingShown('pipeline', problem, view)}
    ${why({ objects: [`gs://${runsBucket}/${stateObject(name)}`], line: commandLine(name, 'status') }, view)}
  </li>`;
}

function standingCard(standing: Standing, { runsBucket, pipelines }: Now, view: View): Html {
  const { words } = view;
  const { pipeline: name, condition, run, reason, since } = standing;
  const pipeline = pipelines.get(name);
  const { labels } = words;
  return html`<li class="card" id="p-${name}">
    <h2>${view.link(`/p/${name}`, name)} ${conditionShown(condition, view)}</h2>
    <p>${words.sentences[condition]}</p>
    ${pauseShown(standing, pipeline, view)}
    ${facts([
      run === null
        ? undefined
        : [labels.run, html`${view.link(`/p/${name}/runs/${run}`, run)} ${standing.status ?? ''}`],
      since === null ? undefined : [labels.since, view.time(since, pipeline)],
      standing.staleSince === null
        ? undefined
        : [labels.staleSince, view.time(standing.staleSince, pipeline)],
      standing.nextPollAt === null ? undefined : [labels.nextPoll, view.time(standing.nextPollAt, pipeline)],
      condition === 'fresh' || reason === null ? undefined : [labels.reason, view.meshText(reason)],
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
