// `sluice console`: the address of the console of the local cloud, for the owner or for the person of --as.
import { helpText } from '../help-text.ts';
import type { Verb } from './verb.ts';

const HELP = `
A browser that opens the address is signed in as that person: the owner, who may send commands, or --as reader@local, who may
only read. Anyone else is refused there. npm start has to run.`;

export const console: Verb = (sluice) =>
  void sluice.program
    .command('console')
    .description('local cloud: print the address of the console, signed in as the identity of --as')
    .addHelpText('after', helpText(HELP))
    .action(() =>
      sluice.on(true, async (target) => {
        const { as } = sluice.program.opts<{ as?: string }>();
        return (await import('../actions/console.ts')).printConsole(sluice, target, as);
      }),
    );
