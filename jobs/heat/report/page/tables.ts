// The tables of the page.
import { html, type Html } from '../../../../shared/page/html.ts';
import { table } from '../../../../shared/page/table.ts';
import {
  exportMetadataFile,
  indicatorsFile,
  mapFile,
  metricsFile,
  reportDocument,
  storeFolder,
} from '../../../../models/heat/published-files.ts';
import type { Messages } from '../language/texts.ts';
import type { Reported } from '../reported.ts';
import { indicatorRows, leftOut, methodName, methodRows, scoreRows, stationRows } from '../rows.ts';

export const indicatorTable = (m: Messages, reported: Reported): Html =>
  table(
    [
      { head: m.table.indicator, cell: ({ name }) => name, kind: 'name' },
      { head: m.table.value, cell: ({ value }) => value, kind: 'best' },
      { head: m.table.definition, cell: ({ means }) => means, kind: 'name' },
    ],
    indicatorRows(m, reported),
  );

export const scoreTable = (m: Messages, reported: Reported): Html =>
  table(
    [
      { head: m.table.score, cell: ({ name }) => name, kind: 'name' },
      { head: m.table.prediction, cell: ({ prediction }) => prediction, kind: 'best' },
      {
        head: `${m.table.baseline} (${methodName(m, reported.metrics.baseline)})`,
        cell: ({ baseline }) => baseline,
      },
      { head: m.table.definition, cell: ({ means }) => means, kind: 'name' },
    ],
    scoreRows(m, reported),
  );

/** Empty where no station lies in the city. */
export function stationTable(m: Messages, reported: Reported): Html | '' {
  const rows = stationRows(m, reported);
  if (rows.length === 0) return '';
  return html`<h3>${m.page.stations}</h3>
    ${table(
      [
        { head: m.table.station, cell: ({ station }) => station, kind: 'name' },
        { head: m.table.pairs, cell: ({ pairs }) => pairs },
        { head: m.table.bias, cell: ({ bias }) => bias },
        { head: m.table.raw, cell: ({ raw }) => raw, kind: 'best' },
        { head: m.table.corrected, cell: ({ corrected }) => corrected },
        { head: m.table.input, cell: ({ input }) => input },
      ],
      rows,
    )}`;
}

export function methodTable(m: Messages, reported: Reported): Html | '' {
  const rows = methodRows(m, reported);
  if (rows.length === 0) return '';
  return html`<h3>${m.page.methods}</h3>
    ${table(
      [
        { head: m.table.method, cell: ({ name, isChosen }) => (isChosen ? `${name} ✓` : name), kind: 'name' },
        { head: m.table.raw, cell: ({ rmse }) => rmse, kind: 'best' },
        { head: m.table.weight, cell: ({ weight }) => weight },
      ],
      rows,
    )}
    ${leftOut(m, reported).map((text) => html`<p class="reason">${text}</p>`)}`;
}

/** Links to the files beside the page, as the configuration wants them. */
export function fileList(m: Messages, { city, layers }: Reported): Html {
  const { formats, report } = city.output;
  const names = [...layers.keys()];
  const link = (name: string, what: string): Html =>
    html`<li><a href="${name}">${name}</a>${m.page.colon}${what}</li>`;
  return html`<ul>
    ${formats.includes('geotiff') ? names.map((name) => link(mapFile(city.city, name, 'tif'), m.files.tif)) : ''}
    ${formats.includes('png') ? names.map((name) => link(mapFile(city.city, name, 'png'), m.files.png)) : ''}
    ${formats.includes('zarr') ? html`<li>${storeFolder(city.city)}${m.page.colon}${m.files.zarr}</li>` : ''}
    ${link(indicatorsFile(city.city), m.files.indicators)} ${link(metricsFile(city.city), m.files.metrics)}
    ${formats.includes('metadata') ? link(exportMetadataFile(city.city), m.files.metadata) : ''}
    ${report.format.includes('pdf') ? link(reportDocument(city.city, m.language), m.files.pdf) : ''}
  </ul>`;
}
