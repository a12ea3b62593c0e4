// Drive's permanent refusals of a download, recognised by their reason and never by their text.
import { z } from 'zod';
import { messageOf, PermanentError } from '../errors.ts';
import { shownName } from '../sources/file-names.ts';

const SHARING = "Allow viewers to download in the file's sharing settings in Drive";

/** What each reason means, and what to do. */
const REFUSALS: Readonly<Record<string, string>> = {
  cannotDownloadAbusiveFile:
    'Drive has flagged it as malware or spam and lets no account download it. Check the file; if it is good, replace it ' +
    'by a new copy saved by Excel',
  cannotDownloadFile: `its owner or an administrator has disabled downloads of it. ${SHARING}`,
  download_restricted_for_revision: `its owner or an administrator has disabled downloads of it. ${SHARING}`,
  cannotExportFile: `its owner or an administrator has disabled exports of it. ${SHARING}`,
  fileNotDownloadable: 'it has no content of its own to download. Replace it by a workbook saved as .xlsx',
  fileNotExportable: 'Drive cannot export it as a workbook. Replace it by a workbook saved as .xlsx',
  exportSizeLimitExceeded:
    'the Google Sheet is too large to be exported (Drive exports up to 10 MB). Download it as .xlsx in the browser ' +
    'and replace it by that workbook',
  dlpPolicy:
    'a data-loss policy of the organisation forbids downloads of it. Ask the administrator of Google Workspace',
};

const AFTERWARDS =
  'If the file itself did not change, start a run: npm run sluice -- run --force --pipeline <pipeline> ' +
  '--reason "<what was done>"';

/** The error that ends the run at once, naming the file and the cause; undefined for a refusal that may pass. */
export function permanentRefusal(name: string, error: unknown): PermanentError | undefined {
  const reason = reasonsOf(error).find((each) => Object.hasOwn(REFUSALS, each));
  if (reason === undefined) return undefined;
  const message = `"${shownName(name)}" cannot be read from Drive (${reason}): ${REFUSALS[reason]}. ${AFTERWARDS}`;
  return new PermanentError(message, { cause: error, code: 'FILE_UNREADABLE' });
}

const reasons = z.array(z.object({ reason: z.string() }));
const answer = z.object({ error: z.object({ errors: reasons }) });
const thrown = z
  .object({ errors: z.unknown(), response: z.object({ data: z.unknown() }).optional() })
  .partial();

/** For a refused download the clients keep the JSON body as text, in the answer's data or in the message. */
export function reasonsOf(error: unknown): readonly string[] {
  const { errors, response } = thrown.safeParse(error).data ?? {};
  const bodies = [{ error: { errors } }, response?.data, parsed(response?.data), parsed(messageOf(error))];
  return bodies.flatMap(
    (body) => answer.safeParse(body).data?.error.errors.map(({ reason }) => reason) ?? [],
  );
}

function parsed(text: unknown): unknown {
  if (typeof text !== 'string') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
