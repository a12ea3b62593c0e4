// The stage `report`: the page of a city in English and in French, and the document.
import { reportDocument, reportPage, TYPES } from '../../../../models/heat/published-files.ts';
import { LANGUAGES } from '../../../../shared/page/languages.ts';
import { pdfOf } from '../../report/document/document.ts';
import { pageOf } from '../../report/page/page.ts';
import { reportedOf } from '../../report/reported.ts';
import type { Stage, StageFile, StageWork } from '../stage.ts';

export const report: Stage = {
  name: 'report',
  version: 1,
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
  const { format } = city.output.report;
  const reported = await reportedOf(city, inputs, frozenAt);
  const files: StageFile[] = [];
  if (format.includes('html'))
    for (const language of LANGUAGES)
      files.push({
        name: reportPage(city.city, language),
        type: TYPES.html,
        bytes: Buffer.from(pageOf(reported, language)),
      });
  progress(0.7, 'report: the document');
  if (format.includes('pdf'))
    files.push({ name: reportDocument(city.city), type: TYPES.pdf, bytes: await pdfOf(reported) });
  return files;
}
