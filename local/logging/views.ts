// Log views: the part of a log bucket that one name gives access to; kept in the state, as what was provisioned once.
import type { State } from '../state/state.ts';
import { readFilter, type EntryFilter } from './filter.ts';

/** `projects/P/locations/L/buckets/B/views/V`. */
export const viewResource = (parent: string, location: string, bucket: string, name: string): string =>
  `${parent}/locations/${location}/buckets/${bucket}/views/${name}`;

export class Views {
  readonly #state: State;

  constructor(state: State) {
    this.#state = state;
    state.sql.exec(
      'CREATE TABLE IF NOT EXISTS logging_views (name TEXT PRIMARY KEY, filter TEXT NOT NULL) STRICT',
    );
  }

  /** Makes the view, or brings it up to date. 501 for a filter unknown here. */
  ensure(name: string, filter: string): void {
    readFilter(filter);
    this.#state.sql.prepare('INSERT OR REPLACE INTO logging_views VALUES (?, ?)').run(name, filter);
  }

  /** What the view of that full name shows; undefined where there is none. */
  named(name: string): EntryFilter | undefined {
    const row = this.#state.sql.prepare('SELECT filter FROM logging_views WHERE name = ?').get(name);
    return row && readFilter(String(row['filter']));
  }
}
