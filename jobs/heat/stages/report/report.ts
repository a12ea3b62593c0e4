// The stage `report`: the page and the document of a city, each in English and in French.
import { reportDocument, reportPage, TYPES } from '../../../../models/heat/published-files.ts';
import { LANGUAGES } from '../../../../shared/page/languages.ts';
import { pdfOf } from '../../report/document/document.ts';
import { mapsOf, type ReportMaps } from '../../report/maps.ts';
import { pageOf } from '../../report/page/page.ts';
import { reportedOf } from '../../report/reported.ts';
import type { Stage, StageFile, StageWork } from '../stage.ts';

export const report: Stage = {
  name: 'report',
  version: 2,
  reads: ['ingest', 'features', 'train', 'evaluate', 'indicators'],
  settings: ({ city, period, grid, output: { formats, report: wanted } }) => ({
    city,
    period,
    grid,
    formats,
    wanted,
  }),
  run: reportCity,
};

async function reportCity({ city, inputs, frozenAt, progress }: StageWork): Promise<readonly StageFile[]> {
  const { format, include_maps: hasMaps } = city.output.report;
  const reported = await reportedOf(city, inputs, frozenAt);
  const mapsFor = (isOpaque: boolean): ReportMaps => (hasMaps ? mapsOf(reported, isOpaque) : new Map());
  const files: StageFile[] = [];
  if (format.includes('html')) {
    const maps = mapsFor(false);
    for (const language of LANGUAGES) {
      const bytes = Buffer.from(pageOf(reported, maps, language));
      files.push({ name: reportPage(city.city, language), type: TYPES.html, bytes });
    }
  }
  progress(0.7, 'report: the documents');
  if (format.includes('pdf')) {
    const maps = mapsFor(true);
    for (const language of LANGUAGES) {
      const bytes = await pdfOf(reported, maps, language);
      files.push({ name: reportDocument(city.city, language), type: TYPES.pdf, bytes });
    }
  }
  return files;
}
