// Rewrites that take several calls: a token stands for how far one has come, and for what it was asked to do.
import type { Clock } from '../clock.ts';
import { invalid } from '../http/errors.ts';
import type { NewId } from '../ids.ts';
import type { State } from '../state/state.ts';

/** What the first call asked for, as later calls may repeat it: names, query parameters and body. */
export interface RewriteRequest {
  readonly path: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Rewrite {
  readonly token: string;
  readonly request: RewriteRequest;
  /** Of the source, as the first call found it: later calls copy this one or nothing. */
  readonly generation: number;
  readonly rewrittenBytes: number;
}

// The lifetime of a token, as Google documents it.
const TOKEN_LIFETIME_MS = 7 * 24 * 60 * 60 * 1000;

export class Rewrites {
  readonly #state: State;
  readonly #clock: Clock;
  readonly #newId: NewId;

  constructor({ state, clock, newId }: { state: State; clock: Clock; newId: NewId }) {
    this.#state = state;
    this.#clock = clock;
    this.#newId = newId;
  }

  begin(request: RewriteRequest, generation: number): Rewrite {
    const token = this.#newId();
    const nowMs = this.#clock.now();
    this.#state.sql
      .prepare('DELETE FROM storage_rewrites WHERE created_ms < ?')
      .run(nowMs - TOKEN_LIFETIME_MS);
    this.#state.sql
      .prepare('INSERT INTO storage_rewrites VALUES (?, ?, ?, 0, ?)')
      .run(token, JSON.stringify(request), generation, nowMs);
    return { token, request, generation, rewrittenBytes: 0 };
  }

  /** Throws 400 for a token that is not known, is over, or was given for something else. */
  resume(token: string, again: RewriteRequest): Rewrite {
    const row = this.#state.sql
      .prepare(
        'SELECT request, generation, rewritten FROM storage_rewrites WHERE token = ? AND created_ms >= ?',
      )
      .get(token, this.#clock.now() - TOKEN_LIFETIME_MS);
    if (row === undefined) throw invalid('Invalid rewrite token');
    const request = JSON.parse(String(row['request'])) as RewriteRequest;
    const [differs] = [
      ...differences('path', request.path, again.path),
      ...differences('query', request.query, again.query),
      ...(Object.keys(again.body).length === 0 ? [] : differences('body', request.body, again.body)),
    ];
    if (differs !== undefined)
      throw invalid(`The rewrite token was given for another request: ${differs} does not match.`);
    return {
      token,
      request,
      generation: Number(row['generation']),
      rewrittenBytes: Number(row['rewritten']),
    };
  }

  advance({ token }: Rewrite, rewrittenBytes: number): void {
    this.#state.sql
      .prepare('UPDATE storage_rewrites SET rewritten = ? WHERE token = ?')
      .run(rewrittenBytes, token);
  }
}

/** The parameters of a later call may be left out, and must be the same where they are given. */
const differences = (
  where: string,
  first: Readonly<Record<string, unknown>>,
  again: Readonly<Record<string, unknown>>,
): string[] =>
  Object.keys(again)
    .filter((key) => JSON.stringify(again[key]) !== JSON.stringify(first[key]))
    .map((key) => `${where}.${key}`);
