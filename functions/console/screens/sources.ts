// Sources: the files that a run read, as they were frozen, and every cell that the job refused.
import { commandLine } from '../../../shared/command-line.ts';
import { html } from '../../../shared/page/html.ts';
import type { WatchPipeline } from '../../../shared/pipelines/pipeline.ts';
import { inputObject } from '../../../shared/runs/names.ts';
import { screensOf } from '../navigation.ts';
import { why } from '../parts.ts';
import { runIn, type Refusal } from '../reading/run.ts';
import { screen } from '../screen.ts';
import { facts } from '../view.ts';
import { filesOf, filesShown, problemsShown, type InputFile } from './input.ts';
import { SCREENS } from '../words/screens.ts';

interface Sources {
  readonly pipeline: WatchPipeline;
  readonly run: string;
  readonly revision: string;
  readonly changedAt: string | null;
  readonly frozenAt: string | null;
  readonly files: readonly InputFile[];
  readonly refusal: Refusal | null;
  readonly object: string;
}

export const sources = screen<Sources>({
  async read(asked, ports) {
    const { pipeline, history, refusal } = await runIn(asked, ports);
    const { run, request, input } = history;
    return {
      pipeline,
      run,
      revision: request.revision,
      changedAt: request.changedAt ?? null,
      frozenAt: input?.frozenAt ?? null,
      files: filesOf(history),
      refusal,
      object: `gs://${ports.runs.bucket}/${inputObject(pipeline.name, run)}`,
    };
  },
  title: ({ run }, view) => `${view.say(SCREENS.sources)}: ${run}`,
  body: ({ pipeline, run, changedAt, frozenAt, files, refusal, object }, view) =>
    html`${screensOf(pipeline, view)}
      ${facts([
        [view.words.labels.run, view.link(`/p/${pipeline.name}/runs/${run}`, run)],
        [view.words.labels.modified, view.time(changedAt, pipeline)],
        [view.words.labels.frozen, view.time(frozenAt, pipeline)],
      ])}
      ${problemsShown(refusal, view)}
      <h2>${view.words.labels.files}</h2>
      ${filesShown(files, view)}
      ${why({ objects: [object], line: commandLine(pipeline.name, `run ${run}`) }, view)}`,
});
