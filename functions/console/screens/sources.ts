// Sources: the files that a run read, as they were frozen, and every cell that the job refused; of a run or of a publication.
import { commandLine } from '../../../shared/command-line.ts';
import { readRun } from '../../../shared/history/history.ts';
import { html, NOTHING, type Html } from '../../../shared/page/html.ts';
import type { WatchPipeline } from '../../../shared/pipelines/pipeline.ts';
import { inputObject } from '../../../shared/runs/names.ts';
import { screensOf } from '../navigation.ts';
import { why } from '../parts.ts';
import type { Asked, Ports } from '../ports.ts';
import { publicationNamed } from '../reading/chosen.ts';
import { readPublications } from '../reading/ledger.ts';
import { Parts, wholeOf } from '../reading/part.ts';
import { watchIn } from '../reading/pipelines.ts';
import { runIn, type Refusal, type RunRead } from '../reading/run.ts';
import { screen } from '../screen.ts';
import { facts, type View } from '../view.ts';
import { CHECK } from '../words/check.ts';
import { filesOf, filesShown, problemsShown, type InputFile } from './input.ts';
import { asOf } from './past.ts';
import { SCREENS } from '../words/screens.ts';

interface Frozen {
  readonly run: string;
  readonly revision: string;
  readonly changedAt: string | null;
  readonly frozenAt: string | null;
  readonly files: readonly InputFile[];
  readonly refusal: Refusal | null;
  readonly object: string;
}

interface Sources {
  readonly pipeline: WatchPipeline;
  /** Null: nothing is published yet, or the run's folder is not kept any more. */
  readonly frozen: Frozen | null;
  readonly publication: string | null;
  readonly run: string | null;
  readonly isPast: boolean;
}

const frozenIn = ({ pipeline, history, refusal }: RunRead, { runs }: Ports): Frozen => ({
  run: history.run,
  revision: history.request.revision,
  changedAt: history.request.changedAt ?? null,
  frozenAt: history.input?.frozenAt ?? null,
  files: filesOf(history),
  refusal,
  object: `gs://${runs.bucket}/${inputObject(pipeline.name, history.run)}`,
});

export const sources = screen<Sources>({
  async read(asked, ports) {
    const read = await runIn(asked, ports);
    const { run } = read.history;
    return { pipeline: read.pipeline, frozen: frozenIn(read, ports), publication: null, run, isPast: false };
  },
  title: ({ run }, view) => `${view.say(SCREENS.sources)}${view.words.colon}${run ?? ''}`,
  body: bodyOf,
});

const OFFERED = 20;

async function readSourcesAt(asked: Asked, ports: Ports): Promise<Sources> {
  const pipeline = watchIn(asked, ports);
  const at = asked.query.get('at');
  const ledger = await new Parts(ports).read(`the publications of ${pipeline.name}`, async () => {
    const publications = await readPublications(ports.warehouse, pipeline.name, OFFERED);
    const named = at && (await publicationNamed(at, pipeline, publications, ports.warehouse, '/sources'));
    return { newest: publications[0], publication: named || publications[0] };
  });
  const { newest, publication } = wholeOf(ledger);
  if (publication === undefined)
    return { pipeline, frozen: null, publication: null, run: null, isPast: false };
  const { id, run } = publication;
  const history = await readRun(ports.runs, pipeline.name, run);
  const frozen = history === undefined ? null : frozenIn({ pipeline, history, refusal: null }, ports);
  return { pipeline, frozen, publication: id, run, isPast: id !== newest?.id };
}

/** What a publication was made of. */
export const sourcesAt = screen<Sources>({
  read: readSourcesAt,
  title: ({ pipeline }, view) => `${view.say(SCREENS.sources)}${view.words.colon}${pipeline.name}`,
  body: bodyOf,
});

function bodyOf({ pipeline, frozen, publication, run, isPast }: Sources, view: View): Html {
  const { labels, noPublication } = view.words;
  const of = `/p/${pipeline.name}`;
  return html`${screensOf(pipeline, view)}
  ${isPast ? asOf(publication ?? '', `${of}/sources`, view) : NOTHING}
  ${
    frozen === null
      ? html`<p class="notice">${run === null ? noPublication : view.say(CHECK).noFiles(run)}</p>
          ${why({ line: commandLine(pipeline.name, run === null ? 'status' : `run ${run}`) }, view)}`
      : html`${facts([
            publication === null
              ? undefined
              : [labels.publication, view.link(of, publication, { at: publication })],
            [labels.run, view.link(`${of}/runs/${frozen.run}`, frozen.run)],
            [labels.modified, view.time(frozen.changedAt, pipeline)],
            [labels.frozen, view.time(frozen.frozenAt, pipeline)],
          ])}
          ${problemsShown(frozen.refusal, view)}
          <h2>${labels.files}</h2>
          ${filesShown(frozen.files, view)}
          ${why({ objects: [frozen.object], line: commandLine(pipeline.name, `run ${frozen.run}`) }, view)}`
  }`;
}
