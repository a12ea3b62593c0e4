// `sluice tick`: a look at the folder, now.
import * as commands from '../commands.ts';
import { untilIdle } from '../until-idle.ts';
import type { Verb } from './verb.ts';

export const tick: Verb = ({ program, on, show }) =>
  void program
    .command('tick')
    .description('look at the folder now, as the schedule would; run --force asks for a run in any case')
    .action(() =>
      on(true, async (target, pipeline) => {
        show((await commands.tick(target, pipeline)) as Record<string, unknown>);
        if (target.opened === undefined) return;
        await untilIdle(target, pipeline);
        const [last] = await commands.runs(target, pipeline, 1);
        if (last?.outcome !== undefined) show({ ...last.outcome });
      }),
    );
