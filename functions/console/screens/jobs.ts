// The jobs of a day on the screen Requests: their states, what was estimated and what they cost, and the filters.
import { commandLine } from '../../../shared/command-line.ts';
import { STATES } from '../../../shared/api/schemas.ts';
import { html, type Html } from '../../../shared/page/html.ts';
import { table } from '../../../shared/page/table.ts';
import { choosing, select } from '../fields.ts';
import { estimateShown, jobStateShown, kept, ownerLink, runLink } from '../job-parts.ts';
import { dollars } from '../money.ts';
import { pagesShown } from '../pages.ts';
import { why } from '../parts.ts';
import type { JobRow } from '../reading/jobs.ts';
import type { Requests } from '../reading/requests.ts';
import type { View } from '../view.ts';
import { REQUEST_WORDS } from '../words/requests.ts';

export function jobsShown(data: Requests, view: View): Html {
  const { pipeline, jobs, filters } = data;
  const words = view.say(REQUEST_WORDS);
  return html`<h2>${words.jobs(jobs.day)}</h2>
    ${filterForm(data, view)}
    ${filters.state === null ? '' : html`<p>${words.filtered(jobs.items.length, jobs.read)}</p>`}
    ${jobs.isPart ? html`<p class="notice">${words.isPart}</p>` : ''}
    ${jobs.items.length === 0 ? html`<p>${words.noJobs}</p>` : rows(data, view)}
    ${pagesShown(jobs, { name: 'page', label: words.jobs(jobs.day), to: `/p/${pipeline.name}`, kept: { ...kept(data), day: jobs.day } }, view)}
    ${days(data, view)} ${why({ objects: [jobs.origin], line: commandLine(pipeline.name, 'runs') }, view)}`;
}

function rows({ pipeline, jobs }: Requests, view: View): Html {
  const words = view.say(REQUEST_WORDS);
  const { labels } = view.words;
  const money = (amount: number) => dollars(amount, view.asked.language);
  return table<JobRow>(
    [
      { head: words.job, kind: 'name', cell: ({ run }) => runLink(pipeline.name, run, view) },
      {
        head: words.state,
        kind: 'name',
        cell: ({ state, code }) => html`<span>${jobStateShown(state)} ${code ?? ''}</span>`,
      },
      { head: words.owner, kind: 'name', cell: ({ owner }) => ownerLink(pipeline.name, owner, view) },
      { head: words.accepted, kind: 'name', cell: ({ acceptedAt }) => view.time(acceptedAt, pipeline) },
      {
        head: labels.ended,
        kind: 'name',
        cell: ({ endedAt }) => (endedAt === null ? '' : view.time(endedAt, pipeline)),
      },
      { head: words.estimate, cell: ({ estimate }) => estimateShown(estimate, money) },
      { head: words.cost, cell: ({ cost }) => (cost === null ? '' : money(cost)) },
    ],
    jobs.items,
  );
}

const DAY_MS = 86_400_000;

function days(data: Requests, view: View): Html {
  const { pipeline, jobs } = data;
  const words = view.say(REQUEST_WORDS);
  const at = (offset: number) => new Date(Date.parse(jobs.day) + offset * DAY_MS).toISOString().slice(0, 10);
  const link = (offset: number, text: string) =>
    view.link(`/p/${pipeline.name}`, text, { ...kept(data), day: at(offset) });
  return html`<nav class="pager" aria-label="${words.day}">
    ${link(-1, words.dayBefore)} ${jobs.day < data.spending.day ? link(1, words.dayAfter) : ''}
  </nav>`;
}

function filterForm({ filters, jobs }: Requests, view: View): Html {
  const words = view.say(REQUEST_WORDS);
  const { any, filter } = view.words;
  const states = STATES.map((each) => ({ value: each, text: each }));
  return choosing(
    html`<label>${words.day} <input type="date" name="day" value="${jobs.day}" /></label>
      <label
        >${words.filterOwner}
        <input
          name="owner"
          value="${filters.owner ?? ''}"
          size="18"
          maxlength="16"
          placeholder="${words.all}"
      /></label>
      ${select('state', words.state, states, filters.state, any)}`,
    filter,
    view,
  );
}
