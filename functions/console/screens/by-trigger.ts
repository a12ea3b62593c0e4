// One address for two kinds of pipelines: those that watch a source, and those whose runs are requested.
import { isWatch } from '../../../shared/pipelines/pipeline.ts';
import type { Ports } from '../ports.ts';
import { pipelineIn } from '../reading/pipelines.ts';
import type { Named } from '../reading/reads.ts';
import type { AnyScreen } from '../screen.ts';

interface ByTrigger {
  readonly watch: AnyScreen;
  readonly requests: AnyScreen;
}

/** 404 for an unknown pipeline, with those that exist. */
export function byTrigger(screens: ByTrigger): AnyScreen {
  const chosen = (asked: Named, ports: Pick<Ports, 'pipelines'>): AnyScreen =>
    isWatch(pipelineIn(asked, ports)) ? screens.watch : screens.requests;
  return {
    version: (asked, ports, depth) =>
      chosen(asked, ports).version?.(asked, ports, depth) ?? Promise.resolve(undefined),
    show: (asked, ports) => chosen(asked, ports).show(asked, ports),
  };
}
