// Stage 8: the page for readers.
import type { Stage } from '../stage.ts';
import { readJsonFile } from '../files.ts';

export const report: Stage = {
  name: 'report',
  version: 1,
  reads: ['evaluate', 'indicators', 'publish'],
  settings: ({ period, output }) => ({ period, report: output.report }),
  run: async ({ city, inputs }) => {
    const indicators = JSON.stringify(
      await readJsonFile(inputs, 'indicators', 'indicators.json'),
      undefined,
      2,
    );
    const page =
      `<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>${city.city}</title>` +
      `<h1>${city.city}, ${city.period.start} to ${city.period.end}</h1><pre>${indicators}</pre></html>\n`;
    return [{ name: `${city.city}_report.html`, type: 'text/html; charset=utf-8', bytes: Buffer.from(page) }];
  },
};
