// Says on a page that it shows the past, and leads back to what stands now.
import { html, type Html } from '../../../shared/page/html.ts';
import { named, type View } from '../view.ts';

/** `now`: the path without a publication. `what`: what the page shows of it, where that is not all. */
export const asOf = (publication: string, now: string, view: View, what = view.words.right.past): Html =>
  html`<p class="notice">
    ${view.words.asOf} ${named(publication)}. ${what} ${view.link(now, view.words.backToNow)}
  </p>`;
