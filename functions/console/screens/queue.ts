// The queue on the screen Requests: slots, what waits, owners and spending.
import { commandLine } from '../../../shared/command-line.ts';
import { html, NOTHING, type Html } from '../../../shared/page/html.ts';
import { table } from '../../../shared/page/table.ts';
import { kept, ownerLink, runLink } from '../job-parts.ts';
import { dollars } from '../money.ts';
import { pagesShown } from '../pages.ts';
import { why } from '../parts.ts';
import type { OwnerInLine } from '../reading/line.ts';
import type { Requests, WaitingRow } from '../reading/requests.ts';
import type { View } from '../view.ts';
import { REQUEST_WORDS } from '../words/requests.ts';

export function slotsShown({ pipeline, slots, concurrency, objects }: Requests, view: View): Html {
  const words = view.say(REQUEST_WORDS);
  const { labels } = view.words;
  return html`<h2>${words.executing}</h2>
    <p>${slots.length === 0 ? words.noSlot : words.slots(slots.length, concurrency)}</p>
    ${
      slots.length === 0
        ? ''
        : table<Requests['slots'][number]>(
            [
              { head: labels.run, kind: 'name', cell: ({ run }) => runLink(pipeline.name, run, view) },
              { head: labels.attempt, cell: ({ attempt }) => String(attempt) },
              {
                head: words.owner,
                kind: 'name',
                cell: ({ owner }) => ownerLink(pipeline.name, owner, view),
              },
              { head: words.since, kind: 'name', cell: ({ since }) => view.time(since, pipeline) },
              { head: words.expected, cell: ({ cost }) => dollars(cost, view.asked.language) },
            ],
            slots,
          )
    }
    ${why({ objects, line: commandLine(pipeline.name, 'status') }, view)}`;
}

export function waitingShown(data: Requests, view: View): Html {
  const { pipeline, waiting } = data;
  const words = view.say(REQUEST_WORDS);
  const asksForApproval =
    pipeline.trigger.approval !== 'none' || waiting.items.some(({ approval }) => approval !== 'none');
  return html`<h2>${words.waiting}</h2>
    <p>${waiting.count === 0 ? words.noneWaits : words.waits(waiting.count)}</p>
    ${
      waiting.items.length === 0
        ? ''
        : table<WaitingRow>(
            [
              {
                head: words.job,
                kind: 'name',
                cell: ({ run }) => runLink(pipeline.name, run, view),
              },
              {
                head: words.owner,
                kind: 'name',
                cell: ({ owner }) => ownerLink(pipeline.name, owner, view),
              },
              { head: words.since, kind: 'name', cell: ({ acceptedAt }) => view.time(acceptedAt, pipeline) },
              { head: words.expires, kind: 'name', cell: ({ expiresAt }) => view.time(expiresAt, pipeline) },
              { head: words.priority, cell: ({ priority }) => String(priority) },
              { head: words.expected, cell: ({ cost }) => dollars(cost, view.asked.language) },
              ...(asksForApproval
                ? [
                    {
                      head: words.approval,
                      kind: 'name' as const,
                      cell: ({ approval }: WaitingRow) => words.approvals[approval],
                    },
                  ]
                : []),
            ],
            waiting.items,
          )
    }
    ${pagesShown(waiting, { name: 'waiting', label: words.waiting, to: `/p/${pipeline.name}`, kept: kept(data) }, view)}`;
}

export function ownersShown(data: Requests, view: View): Html {
  const { pipeline, owners } = data;
  const words = view.say(REQUEST_WORDS);
  if (owners.count === 0) return NOTHING;
  const money = (amount: number) => dollars(amount, view.asked.language);
  return html`<h2>${words.owners}</h2>
    <p>${words.ownerNote}</p>
    ${table<OwnerInLine>(
      [
        { head: words.owner, kind: 'name', cell: ({ owner }) => ownerLink(pipeline.name, owner, view) },
        { head: words.waiting, cell: ({ waiting }) => view.number(waiting) },
        {
          head: words.since,
          kind: 'name',
          cell: ({ since }) => (since === null ? '' : view.time(since, pipeline)),
        },
        { head: words.expected, cell: ({ expected }) => money(expected) },
        { head: words.executing, cell: ({ executing }) => view.number(executing) },
        { head: words.spent, cell: ({ spent }) => money(spent) },
      ],
      owners.items,
    )}
    ${pagesShown(owners, { name: 'owners', label: words.owners, to: `/p/${pipeline.name}`, kept: kept(data) }, view)}`;
}

export function spendingShown({ spending }: Requests, view: View): Html {
  const words = view.say(REQUEST_WORDS);
  const { day, inAll, bound, boundPerOwner } = spending;
  const money = (amount: number) => dollars(amount, view.asked.language);
  return html`<h2>${words.spentToday}</h2>
    <p>${words.spentOf(money(inAll), money(bound), day)} ${words.perOwner(money(boundPerOwner))}</p>`;
}
