// Is it right? What is published of a pipeline, from which files, whether it is fresh, and how it passed its check.
import { commandLine } from '../../../shared/command-line.ts';
import { readRun } from '../../../shared/history/history.ts';
import { html, NOTHING, type Html } from '../../../shared/page/html.ts';
import { table } from '../../../shared/page/table.ts';
import type { WatchPipeline } from '../../../shared/pipelines/pipeline.ts';
import { shownOutput } from '../../../shared/pipelines/outputs.ts';
import { inputObject, stateObject } from '../../../shared/runs/names.ts';
import { LEDGER } from '../../../shared/warehouse/ledger.ts';
import { nextSteps, planLinks, stepsOfPipeline } from '../next-steps.ts';
import { screensOf } from '../navigation.ts';
import { missingShown } from '../missing.ts';
import { conditionShown, pauseShown, why } from '../parts.ts';
import type { Asked, Ports } from '../ports.ts';
import { checkOf, type Check } from '../reading/check.ts';
import { publicationNamed } from '../reading/chosen.ts';
import { readPublications, type PublicationShown } from '../reading/ledger.ts';
import { isMissing, Parts, wholeOf, type Part } from '../reading/part.ts';
import { readStanding, versionOf, watchIn } from '../reading/pipelines.ts';
import { numberIn } from '../reading/range.ts';
import type { Standing } from '../reading/standing.ts';
import { screen } from '../screen.ts';
import { facts, spoken, type View } from '../view.ts';
import { filesOf, filesShown, type InputFile } from './input.ts';
import { CHECK } from '../words/check.ts';
import { SCREENS } from '../words/screens.ts';
import { SEARCH } from '../words/search.ts';
import { checkShown } from './check.ts';
import { asOf } from './past.ts';

const A_PAGE = 20;

interface Right {
  readonly pipeline: WatchPipeline;
  readonly standing: Part<Standing>;
  /** The publication that is shown: the newest, or that of `?at=`. */
  readonly publication: PublicationShown | null;
  readonly isPast: boolean;
  /** Null: the folder of the run is not kept any more. */
  readonly files: Part<readonly InputFile[]> | null;
  readonly check: Part<Check> | null;
  /** The number before which the next page of publications begins; null: there is none. */
  readonly earlier: number | null;
  readonly publications: Part<readonly PublicationShown[]>;
  readonly outputs: readonly string[];
  readonly state: string;
  readonly runsBucket: string;
}

async function readRight(asked: Asked, ports: Ports): Promise<Right> {
  const pipeline = watchIn(asked, ports);
  const shown = {
    pipeline,
    outputs: pipeline.outputs.map(shownOutput),
    state: `gs://${ports.runs.bucket}/${stateObject(pipeline.name)}`,
    runsBucket: ports.runs.bucket,
  };
  const parts = new Parts(ports);
  const [standing, ledger] = await Promise.all([
    parts.read(`where ${pipeline.name} stands`, async () => (await readStanding(pipeline, ports)).standing),
    parts.read(`the publications of ${pipeline.name}`, () => readLedger(asked, pipeline, ports)),
  ]);
  // A publication that the address names is what the page is about; else either part alone says something.
  if (asked.query.get('at') || isMissing(standing)) wholeOf(ledger);
  if (isMissing(ledger))
    return {
      ...{ ...shown, standing, publications: ledger, publication: null, isPast: false },
      ...{ files: [], check: null, earlier: null },
    };
  const { publications, publication, isPast } = ledger;
  const last = publications.at(-1);
  return {
    ...{ ...shown, standing, publications, publication, isPast },
    ...(publication === null
      ? { files: [], check: null }
      : await readContent(publication, publications, pipeline, parts, ports)),
    earlier: publications.length === A_PAGE && last !== undefined && last.ordinal > 1 ? last.ordinal : null,
  };
}

/** The publication that is shown, and a page of those that there are. 404 for one that the ledger does not have. */
async function readLedger(asked: Asked, pipeline: WatchPipeline, { warehouse }: Ports) {
  const at = asked.query.get('at');
  const before = numberIn(asked, 'before', undefined);
  const [publications, [newest]] = await Promise.all([
    readPublications(warehouse, pipeline.name, A_PAGE, { before }),
    before === undefined ? [] : readPublications(warehouse, pipeline.name, 1),
  ]);
  const current = newest ?? publications[0];
  const publication = (at ? await publicationNamed(at, pipeline, publications, warehouse) : current) ?? null;
  return { publications, publication, isPast: publication !== null && publication.id !== current?.id };
}

/** From which files it was made, and whether what is stored of it is still the same. */
async function readContent(
  publication: PublicationShown,
  publications: readonly PublicationShown[],
  { name }: WatchPipeline,
  parts: Parts,
  ports: Ports,
): Promise<Pick<Right, 'files' | 'check'>> {
  const { id, run } = publication;
  const history = await parts.read(`the run ${run}`, () => readRun(ports.runs, name, run));
  if (isMissing(history)) return { files: history, check: history };
  const check = await parts.read(`the check of ${id}`, () =>
    checkOf(publication, history, publications, ports),
  );
  return { files: history === undefined ? null : filesOf(history), check };
}

export const right = screen<Right>({
  version: (asked, ports, depth) => versionOf(watchIn(asked, ports), ports, depth),
  read: readRight,
  title: ({ pipeline }, view) => `${pipeline.name}${view.words.colon}${view.say(SCREENS.right)}`,
  isWhole: ({ standing, publications, files: found, check }) =>
    ![standing, publications, found, check].some(isMissing),
  pace: ({ standing }) =>
    !isMissing(standing) && (standing.condition === 'running' || standing.condition === 'queued')
      ? 'live'
      : 'calm',
  body: (data, view) =>
    html`${screensOf(data.pipeline, view)} ${data.isPast ? past(data, view) : answer(data, view)}
    ${published(data, view)} ${checked(data, view)} ${files(data, view)} ${history(data, view)}`,
});

function checked({ check, files: found, pipeline }: Right, view: View): Html {
  if (check === null || (isMissing(check) && check === found)) return NOTHING;
  return isMissing(check) ? missingShown('check', check.problem, view) : checkShown(check, pipeline, view);
}

function past({ pipeline, publication, check }: Right, view: View): Html {
  const id = publication?.id ?? '';
  const isExpired =
    check !== null && !isMissing(check) && check.outputs.some(({ stored }) => stored === 'expired');
  return html`${asOf(id, `/p/${pipeline.name}`, view)}
  ${isExpired ? html`<p class="notice">${view.say(CHECK).expired(id)}</p>` : NOTHING}`;
}

function files({ pipeline, files: found, publication, runsBucket }: Right, view: View): Html {
  if (publication === null) return NOTHING;
  if (isMissing(found)) return missingShown('run', found.problem, view);
  if (found?.length === 0) return NOTHING;
  const { run } = publication;
  const object = `gs://${runsBucket}/${inputObject(pipeline.name, run)}`;
  return html`<h2>${view.link(`/p/${pipeline.name}/runs/${run}/sources`, view.words.labels.files)}</h2>
    ${found === null ? html`<p>${view.say(CHECK).noFiles(run)}</p>` : filesShown(found, view)}
    ${why({ objects: [object], line: commandLine(pipeline.name, `run ${run}`) }, view)}`;
}

function answer({ pipeline, standing, publication, publications, state }: Right, view: View): Html {
  const { words } = view;
  const origin = why({ objects: [state], line: commandLine(pipeline.name, 'status') }, view);
  if (isMissing(standing)) return html`${missingShown('pipeline', standing.problem, view)} ${origin}`;
  const isNever = isMissing(publications) ? standing.condition === 'never' : publication === null;
  const kind = isNever ? 'never' : standing.staleSince === null ? 'fresh' : 'stale';
  return html`<p><strong>${words.right[kind]}</strong></p>
    ${
      // What runs or failed is said as well; that it is fresh is said once.
      standing.condition === kind
        ? NOTHING
        : html`<p>${conditionShown(standing.condition, view)} ${words.sentences[standing.condition]}</p>`
    }
    ${pauseShown(standing, pipeline, view)}
    ${facts([
      standing.staleSince === null
        ? undefined
        : [words.labels.staleSince, view.time(standing.staleSince, pipeline)],
      standing.condition === 'fresh' || standing.reason === null
        ? undefined
        : [words.labels.reason, view.meshText(standing.reason)],
      [words.labels.nextPoll, view.time(standing.nextPollAt, pipeline)],
      standing.notes.length === 0
        ? undefined
        : [words.labels.notes, view.meshText(standing.notes.join('. '))],
    ])}
    ${standing.condition === 'fresh' ? '' : nextSteps(stepsOfPipeline(standing), pipeline.name, view)}
    ${origin}`;
}

function published({ pipeline, publication, publications, outputs }: Right, view: View): Html {
  const { words } = view;
  const { labels } = words;
  if (isMissing(publications)) {
    const line = `npm run sluice -- verify ${pipeline.name}`;
    return html`<h2>${labels.published}</h2>
      <p>${outputs.join(', ')}</p>
      ${missingShown('publications', publications.problem, view)} ${why({ line }, view)}`;
  }
  if (publication === null) return html`<p>${outputs.join(', ')}</p>`;
  const { gate, gateDetail, by, reason } = publication;
  return html`<h2>${labels.published}</h2>
    ${facts([
      [labels.publication, html`<code>${publication.id}</code>`],
      [labels.published, view.time(publication.publishedAt, pipeline)],
      [labels.run, view.link(`/p/${pipeline.name}/runs/${publication.run}`, publication.run)],
      [labels.kind, publication.kind],
      by === null && reason === null
        ? undefined
        : [labels.by, spoken([by, reason].filter(Boolean).join(': '))],
      [labels.rows, view.number(publication.rows)],
      publication.dataAsOf === null ? undefined : [labels.dataAsOf, publication.dataAsOf],
      [labels.gate, view.meshText(gateDetail === null ? gate : `${gate}: ${gateDetail}`)],
    ])}
    ${planLinks(pipeline, publication.run, view)}
    ${why(
      {
        objects: publication.outputs.flatMap((output) =>
          'table' in output
            ? [`${output.object}#${output.generation} (crc32c ${output.crc32c})`]
            : output.files.map((file) => `${file.object}#${file.generation}`),
        ),
        query: `SELECT * FROM ${LEDGER.dataset}.${LEDGER.table} WHERE publication_id = '${publication.id}'`,
        line: `npm run sluice -- verify ${pipeline.name}`,
      },
      view,
    )}`;
}

/** Each row is a permalink to the past, and says what changed since the one before. */
function history({ pipeline, publications, earlier }: Right, view: View): Html {
  const { labels, publications: title, noPublication } = view.words;
  if (isMissing(publications)) return NOTHING;
  if (publications.length === 0) return html`<p>${noPublication}</p>`;
  const of = `/p/${pipeline.name}`;
  const before = new Map(publications.map(({ id }, index) => [id, publications[index + 1]?.id]));
  return html`<h2>${title}</h2>
    ${table<PublicationShown>(
      [
        { head: labels.publication, kind: 'name', cell: ({ id }) => view.link(of, id, { at: id }) },
        { head: labels.kind, kind: 'name', cell: ({ kind }) => kind },
        { head: labels.at, kind: 'name', cell: ({ publishedAt }) => view.time(publishedAt, pipeline) },
        { head: labels.rows, cell: ({ rows }) => view.number(rows) },
        {
          head: view.say(SCREENS.changes),
          kind: 'name',
          cell: ({ id }) =>
            before.get(id) === undefined
              ? ''
              : view.link(`${of}/changes`, view.say(SCREENS.changes), { from: before.get(id), to: id }),
        },
      ],
      publications,
    )}
    ${
      earlier === null
        ? NOTHING
        : html`<p class="pager">
            ${view.link(of, view.say(SEARCH).earlier, { before: earlier, at: view.asked.query.get('at') ?? undefined })}
          </p>`
    }
    ${why({ query: `SELECT * FROM ${LEDGER.dataset}.${LEDGER.table} WHERE pipeline = '${pipeline.name}' ORDER BY ordinal DESC` }, view)}`;
}
