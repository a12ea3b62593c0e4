// The sites that need a look today, before everything else: what came, and what was expected.
import type { OffSite } from '../proof/off-now.ts';
import { html, type Html } from './html.ts';
import { shownDay, whole } from './words.ts';

const MOST_SHOWN = 50;

const WORDS = {
  below: 'fewer than the band',
  above: 'more than the band',
  closed: 'closed, forecast as open',
  open: 'open, forecast as closed',
} as const;

export function sitesOffNow(sites: readonly OffSite[]): Html {
  if (sites.length === 0)
    return html`<h2>Sites that are off now</h2>
      <p>None: every site’s last days lie within its band, and it opened as forecast.</p>`;
  const left = sites.length - MOST_SHOWN;
  return html`<h2>Sites that are off now</h2>
    <p>
      Their last days are not what was expected: a sensor to look at, a closure or an opening that the census
      does not name, or a real change. The farthest off first.
    </p>
    <div class="wide">
      <table>
        <thead>
          <tr>
            <th class="name">site</th>
            <th class="name">code</th>
            <th class="name">what</th>
            <th>since</th>
            <th>open days</th>
            <th>last day</th>
            <th>visitors</th>
            <th>expected</th>
            <th>band</th>
          </tr>
        </thead>
        <tbody>
          ${sites.slice(0, MOST_SHOWN).map(row)}
        </tbody>
      </table>
    </div>
    ${left > 0 ? html`<p>And ${left} more; metrics.json names them all.</p>` : html``}`;
}

const row = (site: OffSite): Html =>
  html`<tr>
    <td class="name">${site.mall}</td>
    <td class="name">${site.code}</td>
    <td class="name">${WORDS[site.deviation]}</td>
    <td>${shownDay(site.since)}</td>
    <td>${whole(site.days)}</td>
    <td>${shownDay(site.date)}</td>
    <td class="best">${whole(site.actual)}</td>
    <td>${whole(site.expected)}</td>
    <td>${whole(site.lower)} to ${whole(site.upper)}</td>
  </tr> `;
