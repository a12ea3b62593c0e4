// `sluice presets`: what a request may start from.
import type { Verb } from './verb.ts';

export const presets: Verb = (sluice) =>
  void sluice.program
    .command('presets [pipeline]')
    .description('the presets that you may request runs from, with their parameters')
    .action((pipeline: string | undefined) =>
      sluice.on(true, async (target) =>
        (await import('../actions/presets.ts')).showPresets(sluice, target, pipeline),
      ),
    );
