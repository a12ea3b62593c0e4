// How the commands print: a table for people, or JSON for another program.
import Table from 'cli-table3';
import { jsonText, visible, writeLine, type Drawn } from './terminal.ts';

export interface Printing {
  /** One thing, fact by fact. */
  show(facts: Record<string, unknown>): void;
  /** Rows with the same columns; `empty` is said when there are none. */
  showRows(rows: readonly Record<string, unknown>[], empty: string, widths?: readonly number[]): void;
  /** One thing that has a form of its own for people. */
  report(facts: object, text: string | Drawn): void;
  say(text: string): void;
}

const PLAIN = { head: [], border: [] };

export function printing(asJson: () => boolean): Printing {
  return {
    show(facts) {
      if (asJson()) return say(jsonText(facts));
      const table = new Table({ style: PLAIN });
      for (const [name, value] of Object.entries(facts)) table.push({ [visible(name)]: cell(value) });
      say(table.toString());
    },
    showRows(rows, empty, widths = []) {
      if (asJson()) return say(jsonText(rows));
      const [first] = rows;
      if (first === undefined) return say(empty);
      const table = new Table({
        style: PLAIN,
        head: Object.keys(first).map(visible),
        wordWrap: true,
        colWidths: [...widths],
      });
      for (const row of rows) table.push(Object.values(row).map(cell));
      say(table.toString());
    },
    report: (facts, text) => say(asJson() ? jsonText(facts) : text),
    say,
  };
}

// Before the table measures it: what is shown of a character may be wider.
const cell = (value: unknown): string => visible(Array.isArray(value) ? value.join('\n') : (value ?? ''));

const say = (text: string | Drawn): void => writeLine(process.stdout, text);
