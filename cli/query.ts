// `npm run query`: asks the warehouse, and prints each row as a line of JSON.
import { Command } from 'commander';
import { bigqueryWarehouse } from '../shared/google/bigquery.ts';
import { enter, throwing } from './entry.ts';
import { withTarget } from './options.ts';
import { openTarget, type TargetOptions } from './target.ts';
import { jsonText, writeLine } from './terminal.ts';

await enter(async () => {
  const command = withTarget(throwing(new Command('npm run query --')))
    .description(
      'Runs a query in the local BigQuery, or in that of a project, and prints each row as a line of JSON.',
    )
    .argument('<sql>', 'a GoogleSQL query, such as "SELECT * FROM carmila_data.predictions_carmila LIMIT 5"')
    .parse();
  const target = await openTarget({ ...command.opts<Omit<TargetOptions, 'env'>>(), env: process.env }, false);
  try {
    for (const row of await bigqueryWarehouse(target.config).query(command.args[0] ?? '', {})) {
      writeLine(process.stdout, jsonText(row));
    }
  } finally {
    await target.close();
  }
});
