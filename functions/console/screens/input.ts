// The input of a run: its files with role, size and checksum, and every place that the job could not use.
import { html, NOTHING, type Html } from '../../../shared/page/html.ts';
import { table } from '../../../shared/page/table.ts';
import type { RunHistory } from '../../../shared/history/history.ts';
import type { InputProblem } from '../../../shared/outputs/manifest.ts';
import type { FileContent } from '../../../shared/sources/snapshot.ts';
import type { Refusal } from '../reading/run.ts';
import { named, shortened, type View } from '../view.ts';

export interface InputFile {
  readonly role: string;
  readonly name: string;
  readonly sizeBytes: number | null;
  /** As the source has it: an md5, a version, or a generation with a checksum. */
  readonly content: string;
}

export const filesOf = ({ request }: RunHistory): readonly InputFile[] =>
  request.snapshot.map(({ role, name, sizeBytes, content }) => ({
    role,
    name,
    sizeBytes,
    content: shownContent(content),
  }));

function shownContent(content: FileContent): string {
  switch (content.kind) {
    case 'md5':
      return `md5 ${content.md5Hex}`;
    case 'sheet-version':
      return `version ${content.version}`;
    case 'generation':
      return `generation ${content.generation}, crc32c ${content.crc32c}`;
  }
}

export function filesShown(files: readonly InputFile[], view: View): Html {
  const { labels } = view.words;
  return table<InputFile>(
    [
      { head: labels.file, kind: 'name', cell: ({ name }) => named(name) },
      { head: labels.role, kind: 'name', cell: ({ role }) => role },
      { head: labels.size, cell: ({ sizeBytes }) => (sizeBytes === null ? '' : view.number(sizeBytes)) },
      { head: labels.checksum, kind: 'name', cell: ({ content }) => html`<code>${content}</code>` },
    ],
    files,
  );
}

/** Every problem that the manifest of the refusal lists, with its place. */
export function problemsShown(refusal: Refusal | null, view: View): Html {
  if (refusal === null) return NOTHING;
  const { words } = view;
  const { labels } = words;
  return html`<h2>${words.problemsTitle(refusal.problems.length, refusal.problemCount)}</h2>
    ${table<InputProblem>(
      [
        { head: labels.file, kind: 'name', cell: ({ file }) => named(file) },
        { head: labels.sheet, kind: 'name', cell: ({ sheet }) => (sheet === undefined ? '' : named(sheet)) },
        { head: labels.row, cell: ({ row }) => (row === undefined ? '' : String(row)) },
        {
          head: labels.column,
          kind: 'name',
          cell: ({ column }) => (column === undefined ? '' : named(column)),
        },
        { head: labels.found, kind: 'name', cell: ({ found }) => view.meshText(shortened(found)) },
        { head: labels.expected, kind: 'name', cell: ({ expected }) => view.meshText(shortened(expected)) },
      ],
      refusal.problems,
    )}`;
}
