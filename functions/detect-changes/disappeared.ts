// Whether a new revision would lose a file that the last publication had: then a person has to decide.
import type { FileRoles } from '../../shared/pipelines/source.ts';
import { shownName } from '../../shared/sources/file-names.ts';
import type { SnapshotFile } from '../../shared/sources/snapshot.ts';
import { TO_ACCEPT, waiting, type Decision } from './decide.ts';
import { holds, type LastPublished } from './last-published.ts';

type Request = Extract<Decision, { kind: 'request' }>;

const MOST_NAMED = 10;

/**
 * A pure decision. The gates after a run see what a lost year does to the numbers; here it still has a name. A
 * forced run is made without it, and its notes name what it left out.
 */
export function withoutLoss(
  decision: Request,
  published: LastPublished | undefined,
  roles: FileRoles,
): Decision {
  const { request, isForced } = decision;
  // A role of one file has one in every complete folder: under another name, it is a renamed file.
  const isLost = (file: SnapshotFile) => roles[file.role]?.count === 'many' && !holds(request.snapshot, file);
  const names = published?.files.filter(isLost).map(({ name }) => shownName(name)) ?? [];
  if (published === undefined || names.length === 0) return decision;
  const shown = names.slice(0, MOST_NAMED).join(', ');
  const more = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : '';
  const what = `the last publication (run ${published.run}) had ${shown}${more}, which the folder has no more`;
  const notes = decision.notes ?? [];
  if (isForced) {
    const accepted = [`${what}: left out, as ${request.cause.by} accepts`, ...notes];
    return { ...decision, request: { ...request, notes: accepted }, notes: accepted };
  }
  return {
    ...waiting([`${what}. Put it back`, ...notes, TO_ACCEPT]),
    ...(notes.length === 0 ? {} : { notes }),
  };
}
