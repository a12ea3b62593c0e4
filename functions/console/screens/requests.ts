// Requests: the queue of a pipeline whose runs are requested, its slots and spending, and the jobs of a day.
import { html, NOTHING, type Html } from '../../../shared/page/html.ts';
import { screensOf } from '../navigation.ts';
import { requestsIn, versionOf } from '../reading/pipelines.ts';
import { readRequests, type Requests } from '../reading/requests.ts';
import { screen } from '../screen.ts';
import type { View } from '../view.ts';
import { REQUEST_WORDS } from '../words/requests.ts';
import { SCREENS } from '../words/screens.ts';
import { ownersShown, slotsShown, spendingShown, waitingShown } from './queue.ts';
import { jobsShown } from './jobs.ts';

export const requests = screen<Requests>({
  version: (asked, ports, depth) => versionOf(requestsIn(asked, ports), ports, depth),
  read: readRequests,
  title: ({ pipeline }, view) => `${pipeline.name}${view.words.colon}${view.say(SCREENS.requests)}`,
  pace: ({ slots, waiting }) => (slots.length + waiting.count > 0 ? 'live' : 'calm'),
  body: (data, view) =>
    html`${screensOf(data.pipeline, view)} ${cut(data, view)} ${slotsShown(data, view)}
    ${waitingShown(data, view)} ${ownersShown(data, view)} ${spendingShown(data, view)}
    ${jobsShown(data, view)}`,
});

function cut({ isPart, unreadable }: Requests, view: View): Html {
  const words = view.say(REQUEST_WORDS);
  if (!isPart && unreadable.length === 0) return NOTHING;
  return html`<div class="notice">
    ${isPart ? html`<p>${words.isPart}</p>` : ''}
    ${
      unreadable.length === 0
        ? ''
        : html`<p>${words.unreadable}</p>
            <pre tabindex="0">${unreadable.join('\n')}</pre>`
    }
  </div>`;
}
