// Whether a new revision lacks a file that the last publication used: then an operator has to decide.
import type { FileRoles } from '../../shared/pipelines/source.ts';
import { shownName } from '../../shared/sources/file-names.ts';
import type { SnapshotFile } from '../../shared/sources/snapshot.ts';
import { toAccept, waiting, type Decision } from './decide.ts';
import { holds, type LastPublished } from './last-published.ts';

type Request = Extract<Decision, { kind: 'request' }>;

const MOST_NAMED = 10;

/**
 * A pure decision. The gate after a run sees what a lost file does to the numbers; this check names the file. A
 * forced run leaves it out, and its notes say so.
 */
export function withoutLoss(
  decision: Request,
  published: LastPublished | undefined,
  roles: FileRoles,
): Decision {
  const { request, isForced } = decision;
  // A role of one file has one in every complete source: under another name, it is a renamed file.
  const isLost = (file: SnapshotFile) => roles[file.role]?.count === 'many' && !holds(request.snapshot, file);
  const names = published?.files.filter(isLost).map(({ name }) => shownName(name)) ?? [];
  if (published === undefined || names.length === 0) return decision;
  const shown = names.slice(0, MOST_NAMED).join(', ');
  const more = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : '';
  const them = names.length === 1 ? 'it' : 'them';
  const what = `The last publication (run ${published.run}) used ${shown}${more}, and the source no longer holds ${them}`;
  const notes = decision.notes ?? [];
  if (isForced) {
    const accepted = [`${what}: left out, accepted by ${request.cause.by}`, ...notes];
    return { ...decision, request: { ...request, notes: accepted }, notes: accepted };
  }
  return {
    ...waiting('FILE_DISAPPEARED', [`${what}. Put ${them} back`, ...notes, toAccept(request.pipeline)]),
    ...(notes.length === 0 ? {} : { notes }),
  };
}
