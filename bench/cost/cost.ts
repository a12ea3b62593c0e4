// `npm run cost -- [--measure]`: writes docs/COST.md, its picture and the console's figures from the infra program and what was measured.
import { Command } from 'commander';
import { writeFileSync } from 'node:fs';
import { enter, throwing } from '../../cli/entry.ts';
import { countConsole } from './console.ts';
import { FIGURES_FILE, figuresOf, figuresText } from './figures.ts';
import { measure } from './measure.ts';
import { MEASURED_FILE, readMeasured } from './measured.ts';
import { pagesOf } from './page.ts';
import { plansOf } from './plans.ts';
import { countRequest } from './request-calls.ts';

const DOCS = new URL('../../docs/', import.meta.url);

await enter(async () => {
  const command = throwing(new Command('npm run cost --'))
    .description(
      'Writes docs/COST.md, docs/cost.svg and what the console shows of them from the infra program, a measurement and list prices.',
    )
    .option('--measure', 'first count the calls again, and keep the result; takes a minute or two')
    .parse();

  if (command.opts<{ measure?: true }>().measure) {
    const measured = await measure((text) => void process.stderr.write(`${text}\n`));
    writeFileSync(MEASURED_FILE, `${JSON.stringify(measured, undefined, 2)}\n`);
  }

  const [plans, measured] = [await plansOf(), readMeasured()];
  const calls = { requests: await countRequest(), console: await countConsole() };
  const { markdown, picture } = pagesOf(plans, measured, calls);
  writeFileSync(new URL('COST.md', DOCS), markdown);
  writeFileSync(new URL('cost.svg', DOCS), picture);
  writeFileSync(FIGURES_FILE, figuresText(figuresOf(plans, measured, calls)));
  process.stdout.write('Wrote docs/COST.md, docs/cost.svg and functions/console/data/figures.json.\n');
});
