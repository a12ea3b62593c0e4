// `sluice status`: where the pipeline stands.
import * as commands from '../commands.ts';
import type { Verb } from './verb.ts';

export const status: Verb = ({ program, on, show }) =>
  void program
    .command('status')
    .description('where the pipeline stands, and how fresh its table is')
    .action(() => on(false, async (target, pipeline) => show(await commands.status(target, pipeline))));
