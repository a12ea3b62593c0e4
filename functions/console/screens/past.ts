// Says on a page that it shows the past, and leads back to what stands now.
import { html, type Html } from '../../../shared/page/html.ts';
import { named, type View } from '../view.ts';

export const asOf = (publication: string, now: string, view: View): Html =>
  html`<p class="notice">
    ${view.words.asOf} ${named(publication)}. ${view.words.right.past} ${view.link(now, view.words.backToNow)}
  </p>`;
