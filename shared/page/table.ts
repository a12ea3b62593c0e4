// One way to set a table: side by side where there is room, and on a phone one card for each row.
import { html, type Html } from './html.ts';

/** No table of a report is longer; `metrics.json` holds every row. */
export const MOST_ROWS = 500;

export interface Column<Row> {
  readonly head: string;
  readonly cell: (row: Row) => string | Html;
  /** `name`: words, set to the left; `best`: what to read first. Numbers else. */
  readonly kind?: 'name' | 'best';
}

/** Each cell carries its column's name, which stands before it in a card. */
export const table = <Row>(columns: readonly Column<Row>[], rows: readonly Row[]): Html =>
  html`<div class="wide">
    <table>
      <thead>
        <tr>
          ${columns.map(({ head, kind }) => html`<th scope="col" class="${kind ?? 'number'}">${head}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${columns.map(({ head, cell, kind }) => html`<td class="${kind ?? 'number'}" data-name="${head}">${cell(row)}</td>`)}
            </tr> `,
        )}
      </tbody>
    </table>
  </div> `;
