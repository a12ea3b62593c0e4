// The spans of the local cloud, kept in the state.
import type { State } from '../state/state.ts';
import type { Span } from './span.ts';

// Google keeps spans for 30 days; here the newest of them are kept, which is years of one person's runs.
const MOST_SPANS = 50_000;

export class Traces {
  readonly #state: State;

  constructor(state: State) {
    this.#state = state;
    state.sql.exec(`
      CREATE TABLE IF NOT EXISTS trace_spans (
        ordinal INTEGER PRIMARY KEY,
        trace_id TEXT NOT NULL, span_id TEXT NOT NULL, span TEXT NOT NULL,
        UNIQUE (trace_id, span_id)
      ) STRICT`);
  }

  /** The same span again takes the place of the first. */
  record(spans: readonly Span[]): void {
    this.#state.transaction(() => {
      const insert = this.#state.sql.prepare(
        'INSERT OR REPLACE INTO trace_spans (trace_id, span_id, span) VALUES (?, ?, ?)',
      );
      for (const span of spans) insert.run(span.traceId, span.spanId, JSON.stringify(span));
      this.#state.sql
        .prepare('DELETE FROM trace_spans WHERE ordinal <= (SELECT MAX(ordinal) FROM trace_spans) - ?')
        .run(MOST_SPANS);
    });
  }

  /** How many spans of a component are kept. */
  count(component: string): number {
    const sql = "SELECT count(*) AS n FROM trace_spans WHERE span ->> 'component' = ?";
    return Number(this.#state.sql.prepare(sql).get(component)?.['n']);
  }

  /** The spans of a trace by their beginnings; none when it is unknown. */
  spansOf(traceId: string): readonly Span[] {
    const rows = this.#state.sql.prepare('SELECT span FROM trace_spans WHERE trace_id = ?').all(traceId);
    return rows
      .map(({ span }) => JSON.parse(String(span)) as Span)
      .toSorted((one, other) => one.startMs - other.startMs || other.endMs - one.endMs);
  }
}
