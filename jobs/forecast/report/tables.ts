// The numbers behind the charts: per horizon week, cluster and site.
import type { CoverageProof } from '../intervals/coverage.ts';
import type { Compared, Proof } from '../proof/proof.ts';
import { html, type Html } from './html.ts';
import { percent, signedPercent, whole } from './words.ts';

export const clusterTable = ({ clusters }: Proof): Html =>
  table(
    ['cluster', 'sites'],
    clusters.map((of) => ({ names: [of.cluster, String(of.sites)], of })),
  );

/** The worst first, for that is where somebody must look; sites without an error last. */
export const siteTable = ({ sites }: Proof): Html =>
  table(
    ['site', 'code', 'cluster'],
    sites
      .toSorted((one, other) => (other.model.wape ?? -1) - (one.model.wape ?? -1))
      .map((of) => ({ names: [of.mall, of.code, of.cluster], of })),
  );

export const horizonTable = ({ horizonWeeks }: Proof, coverage: CoverageProof): Html =>
  html`<div class="wide">
    <table>
      <thead>
        <tr>
          <th class="name">weeks ahead</th>
          <th>WAPE</th>
          <th>last week’s</th>
          <th>mean of four’s</th>
          <th>bias</th>
          <th>within band</th>
          <th>below</th>
          <th>above</th>
          <th>band’s width</th>
          <th>site-days</th>
        </tr>
      </thead>
      <tbody>
        ${horizonWeeks.map(({ week, model, naiveLastWeek, naiveMeanOfFour }) => {
          const band = coverage.horizonWeeks[week - 1];
          return html`<tr>
            <td class="name">${week}</td>
            <td class="best">${percent(model.wape)}</td>
            <td>${percent(naiveLastWeek.wape)}</td>
            <td>${percent(naiveMeanOfFour.wape)}</td>
            <td>${signedPercent(model.bias)}</td>
            <td>${percent(band?.within ?? null)}</td>
            <td>${percent(band?.below ?? null)}</td>
            <td>${percent(band?.above ?? null)}</td>
            <td>${percent(band?.width ?? null, 0)}</td>
            <td>${whole(model.siteDays)}</td>
          </tr> `;
        })}
      </tbody>
    </table>
  </div> `;

interface Row {
  readonly names: readonly string[];
  readonly of: Compared;
}

const table = (heads: readonly string[], rows: readonly Row[]): Html =>
  html`<div class="wide">
    <table>
      <thead>
        <tr>
          ${heads.map((head) => html`<th class="name">${head}</th>`)}
          <th>WAPE</th>
          <th>last week’s</th>
          <th>mean of four’s</th>
          <th>MAE</th>
          <th>RMSE</th>
          <th>bias</th>
          <th>site-days</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ({ names, of: { model, naiveLastWeek, naiveMeanOfFour } }) =>
            html`<tr>
              ${names.map((name) => html`<td class="name">${name}</td>`)}
              <td class="best">${percent(model.wape)}</td>
              <td>${percent(naiveLastWeek.wape)}</td>
              <td>${percent(naiveMeanOfFour.wape)}</td>
              <td>${whole(model.mae)}</td>
              <td>${whole(model.rmse)}</td>
              <td>${signedPercent(model.bias)}</td>
              <td>${whole(model.siteDays)}</td>
            </tr> `,
        )}
      </tbody>
    </table>
  </div> `;
