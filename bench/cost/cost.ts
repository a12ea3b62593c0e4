// `npm run cost -- [--measure]`: writes docs/COST.md and its picture from the infra program and what was measured.
import { Command } from 'commander';
import { writeFileSync } from 'node:fs';
import { enter, throwing } from '../../cli/entry.ts';
import { countConsole } from './console.ts';
import { measure } from './measure.ts';
import { MEASURED_FILE, readMeasured } from './measured.ts';
import { pagesOf } from './page.ts';
import { plansOf } from './plans.ts';
import { countRequest } from './request-calls.ts';

const DOCS = new URL('../../docs/', import.meta.url);

await enter(async () => {
  const command = throwing(new Command('npm run cost --'))
    .description(
      'Writes docs/COST.md and docs/cost.svg from the infra program, a measurement and list prices.',
    )
    .option('--measure', 'first count the calls again, and keep the result; takes a minute or two')
    .parse();

  if (command.opts<{ measure?: true }>().measure) {
    const measured = await measure((text) => void process.stderr.write(`${text}\n`));
    writeFileSync(MEASURED_FILE, `${JSON.stringify(measured, undefined, 2)}\n`);
  }

  const { markdown, picture } = pagesOf(await plansOf(), readMeasured(), {
    requests: await countRequest(),
    console: await countConsole(),
  });
  writeFileSync(new URL('COST.md', DOCS), markdown);
  writeFileSync(new URL('cost.svg', DOCS), picture);
  process.stdout.write('Wrote docs/COST.md and docs/cost.svg.\n');
});
