// `sluice runs`: the newest runs in a table.
import * as commands from '../commands.ts';
import { howMany } from '../options.ts';
import type { Verb } from './verb.ts';

const WIDTHS = [17, 14, 22, 9, 26, 48];

export const runs: Verb = ({ program, on, showRows }) =>
  void program
    .command('runs')
    .description('the newest runs, newest first')
    .option('--count <n>', 'how many', howMany, 20)
    .action(({ count }: { count: number }) =>
      on(false, async (target, pipeline) => {
        const found = await commands.runs(target, pipeline, count);
        const rows = found.map(({ run, status, outcome }) => ({
          run,
          outcome: status,
          code: outcome?.code ?? '',
          rows: outcome?.rows ?? '',
          at: outcome?.at ?? '',
          reason: outcome?.reason ?? '',
        }));
        showRows(rows, 'There are no runs yet: sluice tick looks at the folder now.', WIDTHS);
      }),
    );
