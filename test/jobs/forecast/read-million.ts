// Reads one large flux file and prints how many values it held, and the process's peak memory.
import { readFileSync } from 'node:fs';
import { dayOf } from '../../../jobs/forecast/series/panel.ts';
import { readFolder } from '../../../jobs/forecast/workbook/read.ts';
import { date, flux, openings, OPENINGS_HEADER, transco, TRANSCO_HEADER } from './folder.ts';
import { xlsx } from './workbooks.ts';

const [path = '', malls = '0'] = process.argv.slice(2);
const sites = Array.from({ length: Number(malls) }, (_, index) => [index, `Mall ${index}`, 'N']);
const reading = await readFolder(
  [
    flux(readFileSync(path), '2024 flux quotidiens.xlsx'),
    transco(xlsx([TRANSCO_HEADER, ...sites])),
    openings(xlsx([OPENINGS_HEADER, ['Mall 1', date('2024-01-07'), 'Oui']])),
  ],
  dayOf('2025-01-01'),
);
if (reading.kind === 'refused') throw new Error(reading.problems[0]?.message);
const values = reading.panel.visits.filter((value) => !Number.isNaN(value)).length;
process.stdout.write(JSON.stringify({ values, peakBytes: process.resourceUsage().maxRSS * 1024 }));
