// The three sites that were forecast best and the three worst, to see what good and bad look like.
import type { Foreseen } from '../proof/evidence.ts';
import type { Proof } from '../proof/proof.ts';
import type { Day } from '../series/panel.ts';
import { course } from './course.ts';
import { html, type Html } from './html.ts';
import { percent, signedPercent } from './words.ts';

const SHOWN = 3;
/** A few days prove nothing of a site. */
const LEAST_SITE_DAYS = 28;
const THIRD = { width: 400, height: 240 };

interface Ranked {
  readonly site: number;
  readonly wape: number;
}

export function extremeSites(proof: Proof, foreseen: Foreseen, from: Day): Html {
  const ranked = proof.sites
    .flatMap(({ model: { wape, siteDays } }, site): Ranked[] =>
      wape === null || siteDays < LEAST_SITE_DAYS ? [] : [{ site, wape }],
    )
    .toSorted((one, other) => one.wape - other.wape || one.site - other.site);
  if (ranked.length === 0) return html``;
  const worst = ranked.slice(Math.max(SHOWN, ranked.length - SHOWN)).toReversed();
  const draw = ({ site }: Ranked) => siteFigure(proof, foreseen, from, site);
  return html`<h2>The sites forecast best</h2>
    <div class="grid three">${ranked.slice(0, SHOWN).map(draw)}</div>
    ${
      worst.length === 0
        ? html``
        : html`<h2>The sites forecast worst</h2>
            <div class="grid three">${worst.map(draw)}</div>`
    } `;
}

function siteFigure(proof: Proof, foreseen: Foreseen, from: Day, site: number): Html {
  const { mall = '', code = '', cluster = '', model, naiveMeanOfFour } = proof.sites[site] ?? {};
  const title = `${mall} (${code}, ${cluster})`;
  const caption =
    `WAPE ${percent(model?.wape ?? null)}, bias ${signedPercent(model?.bias ?? null)}; ` +
    `mean of the last four: ${percent(naiveMeanOfFour?.wape ?? null)}. Closed days are left out.`;
  return course(`site-${site}`, { title, caption }, THIRD, foreseen, site, from);
}
