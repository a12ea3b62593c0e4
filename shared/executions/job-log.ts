// The port to the log of a job's executions: lines in the order of writing, a page at a time from the newest.
import { z } from 'zod';

/** In the order of urgency; Cloud Logging has these. */
export type Severity = string;

export interface LogLine {
  readonly at: string;
  readonly severity: Severity;
  readonly text: string;
}

export interface LogPage {
  /** The oldest first. */
  readonly lines: readonly LogLine[];
  /** Names the page of the lines before these; null: there are none. */
  readonly earlier: string | null;
}

export interface WantedLines {
  readonly most: number;
  /** As a page before named it; undefined: the newest lines. */
  readonly page?: string | undefined;
}

export interface JobLog {
  /** `execution`: the last part of its name. A page that the service does not know is a `PermanentError`. */
  read(execution: string, wanted: WantedLines): Promise<LogPage>;
  /** What the service is asked for, to ask it by hand. */
  queryOf(execution: string): string;
}

/** The most lines of one page of Cloud Logging. */
export const MOST_LINES = 1000;

const fields = z.object({
  message: z.string().optional(),
  code: z.string().nullish(),
  stack_trace: z.string().optional(),
});

/** What a line of `shared/logging.ts` says to people; any other structured line is shown as it is. */
export function textOfPayload(payload: unknown): string {
  const { message, code, stack_trace: stack } = fields.safeParse(payload).data ?? {};
  if (message === undefined) return JSON.stringify(payload);
  const text = code === undefined || code === null ? message : `${message} (${code})`;
  return stack === undefined ? text : `${text}\n${stack}`;
}

const MOST_PAGES = 20;
/** A line may have 256 KiB, and a reader of the log holds it whole. */
const MOST_CHARACTERS = 32 * 1024 * 1024;

/** Every line from the first on, of a log of at most 20,000 and 32 MiB; of a longer one the newest, and `isCut`. */
export async function readWholeLog(
  log: JobLog,
  execution: string,
): Promise<{ readonly lines: readonly LogLine[]; readonly isCut: boolean }> {
  const pages: (readonly LogLine[])[] = [];
  let page: string | undefined;
  let characters = 0;
  for (let count = 0; count < MOST_PAGES; count++) {
    const { lines, earlier } = await log.read(execution, { most: MOST_LINES, page });
    pages.push(lines);
    if (earlier === null) return { lines: pages.toReversed().flat(), isCut: false };
    page = earlier;
    characters += lines.reduce((sum, { text }) => sum + text.length, 0);
    if (characters > MOST_CHARACTERS) break;
  }
  return { lines: pages.toReversed().flat(), isCut: true };
}
