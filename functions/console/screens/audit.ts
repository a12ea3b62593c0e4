// Audit: each command with its author, time and reason, through what it came, and its result; by time, verb and author.
import { commandLine } from '../../../shared/command-line.ts';
import { listAudit, type AuditEntry } from '../../../shared/commands/audit.ts';
import { isCommandId, type OperatorCommand } from '../../../shared/commands/command.ts';
import { html, NOTHING, type Html } from '../../../shared/page/html.ts';
import { table } from '../../../shared/page/table.ts';
import type { Pipeline } from '../../../shared/pipelines/pipeline.ts';
import { choosing, days, select } from '../fields.ts';
import { screensOf } from '../navigation.ts';
import { why } from '../parts.ts';
import type { Asked, Ports } from '../ports.ts';
import { pipelineIn } from '../reading/pipelines.ts';
import { oneOfIn, rangeIn, type Range } from '../reading/range.ts';
import { PageProblem } from '../problem.ts';
import { screen } from '../screen.ts';
import { spoken, type View } from '../view.ts';
import { DEAD_LETTER_VERBS, VERBS } from '../verbs.ts';
import { SCREENS } from '../words/screens.ts';
import { SEARCH } from '../words/search.ts';
import { recordPath } from './one-command.ts';

const A_PAGE = 50;
const LONGEST_AUTHOR = 200;
/** A filter reads so many pages of the record, and then offers to search further. */
const MOST_PAGES = 3;
const RECORDED = [...VERBS, 'replay', ...DEAD_LETTER_VERBS] as const;

interface Audit {
  readonly pipeline: Pipeline;
  readonly entries: readonly AuditEntry[];
  readonly range: Range;
  readonly verb: string | null;
  readonly by: string | null;
  /** The id before which the next page begins; null: the record was read to its beginning. */
  readonly before: string | null;
  readonly isFirst: boolean;
  readonly origin: string;
}

async function readAudit(asked: Asked, ports: Ports): Promise<Audit> {
  const pipeline = pipelineIn(asked, ports);
  const range = rangeIn(asked, pipeline);
  const verb = oneOfIn(asked, 'verb', RECORDED);
  const by = asked.query.get('by')?.slice(0, LONGEST_AUTHOR) || null;
  const isWanted = ({ command, by: author }: AuditEntry) =>
    (verb === null || command.verb === verb) &&
    (by === null || author.toLowerCase().includes(by.toLowerCase()));
  const most = verb === null && by === null ? 1 : MOST_PAGES;
  const entries: AuditEntry[] = [];
  let before = beforeIn(asked);
  const isFirst = before === undefined;
  for (let page = 0; page < most && entries.length < A_PAGE; page++) {
    const read = await listAudit(ports, pipeline.name, A_PAGE, { ...range, before });
    entries.push(...read.filter(isWanted));
    before = read.length < A_PAGE ? undefined : read.map(({ command }) => command.id).sort()[0];
    if (before === undefined) break;
  }
  const origin = `gs://${ports.audit.bucket}/${pipeline.name}/`;
  return { pipeline, entries, range, verb, by, before: before ?? null, isFirst, origin };
}

function beforeIn({ query }: Asked): string | undefined {
  const id = query.get('before');
  if (id === null || id === '') return undefined;
  if (isCommandId(id)) return id;
  throw new PageProblem('invalid', `before=${id.slice(0, 50)}: the id of a command`);
}

export const audit = screen<Audit>({
  read: readAudit,
  title: ({ pipeline }, view) => `${view.say(SCREENS.audit)}${view.words.colon}${pipeline.name}`,
  pace: () => 'calm',
  body: (data, view) => {
    const { pipeline, entries, origin } = data;
    return html`${screensOf(pipeline, view)} ${filter(data, view)}
      <p>${view.say(SEARCH).zone(pipeline.timeZone ?? 'UTC')}</p>
      ${entries.length === 0 ? html`<p>${noneShown(data, view)}</p>` : entriesShown(entries, pipeline, view)}
      ${pager(data, view)} ${why({ objects: [origin], line: commandLine(pipeline.name, 'audit') }, view)}`;
  },
});

function noneShown({ before, verb, by, range }: Audit, view: View): string {
  if (before !== null) return view.say(SEARCH).notYet;
  const isFiltered = [verb, by, range.from, range.to].some((each) => each !== null);
  return isFiltered ? view.say(SEARCH).nothing : view.words.noCommand;
}

function filter({ verb, by, range }: Audit, view: View): Html {
  const words = view.say(SEARCH);
  const verbs = RECORDED.map((each) => ({ value: each, text: each }));
  return choosing(
    html`${select('verb', words.verb, verbs, verb, view.words.any)}
      <label>${words.by} <input name="by" value="${by ?? ''}" maxlength="${LONGEST_AUTHOR}" /></label>
      ${days(range, view)}`,
    view.words.filter,
    view,
  );
}

function pager({ pipeline, before, isFirst, verb, by, range }: Audit, view: View): Html {
  const of = `/p/${pipeline.name}/audit`;
  const kept = {
    ...{ verb: verb ?? undefined, by: by ?? undefined },
    ...{ from: range.from ?? undefined, to: range.to ?? undefined },
  };
  if (isFirst && before === null) return NOTHING;
  const isFiltered = verb !== null || by !== null;
  return html`<nav class="pager" aria-label="${view.say(SCREENS.audit)}">
    ${isFirst ? '' : view.link(of, view.say(SEARCH).newest, kept)}
    ${before === null ? '' : view.link(of, isFiltered ? view.say(SEARCH).further : view.say(SEARCH).older, { ...kept, before })}
  </nav>`;
}

/** `pipeline`: for its zone; undefined for commands on dead letters, which belong to no pipeline. */
export function entriesShown(
  entries: readonly AuditEntry[],
  pipeline: Pipeline | undefined,
  view: View,
): Html {
  const { labels, notFinished, forDeadLetters } = view.words;
  return table<AuditEntry>(
    [
      {
        head: labels.at,
        kind: 'name',
        cell: ({ at }) => (pipeline === undefined ? view.utc(at) : view.time(at, pipeline)),
      },
      { head: labels.by, kind: 'name', cell: ({ by }) => spoken(by) },
      { head: labels.through, kind: 'name', cell: ({ through }) => through ?? '' },
      {
        head: labels.command,
        kind: 'name',
        cell: ({ command }) => linked(command, view, forDeadLetters),
      },
      { head: labels.reason, kind: 'name', cell: ({ command }) => spoken(command.reason) },
      {
        head: labels.result,
        kind: 'name',
        cell: ({ ended }) =>
          ended === undefined ? notFinished : view.meshText(`${ended.result}: ${ended.message}`),
      },
    ],
    entries,
  );
}

const linked = (given: OperatorCommand, view: View, ofDeadLetters: string): Html =>
  'deadLetters' in given
    ? html`${view.link(recordPath(given), given.verb)},
      ${ofDeadLetters}${view.words.colon}${given.subscription}`
    : html`${view.link(recordPath(given), given.verb)} ${'run' in given ? given.run : ''}`;
