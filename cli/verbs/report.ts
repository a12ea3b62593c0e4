// `sluice report`: the page for analysts, fetched.
import * as commands from '../commands.ts';
import type { Verb } from './verb.ts';

export const report: Verb = ({ program, on, say }) =>
  void program
    .command('report [run]')
    .description("write the report of a run's forecast, or of the newest run's, into this folder")
    .action((id: string | undefined) =>
      on(false, async (target, pipeline) => say(`wrote ${await commands.report(target, pipeline, id)}`)),
    );
