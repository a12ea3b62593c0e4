// How the commands print: a table for people, or JSON for another program.
import Table from 'cli-table3';

export interface Printing {
  /** One thing, fact by fact. */
  show(facts: Record<string, unknown>): void;
  /** Rows with the same columns; `empty` is said when there are none. */
  showRows(rows: readonly Record<string, unknown>[], empty: string, widths?: readonly number[]): void;
  /** One thing that has a form of its own for people. */
  tell(facts: object, text: string): void;
  say(text: string): void;
}

const PLAIN = { head: [], border: [] };

export function printing(asJson: () => boolean): Printing {
  return {
    show(facts) {
      if (asJson()) return say(JSON.stringify(facts));
      const table = new Table({ style: PLAIN });
      for (const [name, value] of Object.entries(facts)) table.push({ [name]: cell(value) });
      say(table.toString());
    },
    showRows(rows, empty, widths = []) {
      if (asJson()) return say(JSON.stringify(rows));
      const [first] = rows;
      if (first === undefined) return say(empty);
      const table = new Table({
        style: PLAIN,
        head: Object.keys(first),
        wordWrap: true,
        colWidths: [...widths],
      });
      for (const row of rows) table.push(Object.values(row).map(cell));
      say(table.toString());
    },
    tell: (facts, text) => say(asJson() ? JSON.stringify(facts) : text),
    say,
  };
}

const cell = (value: unknown): string => (Array.isArray(value) ? value.join('\n') : String(value ?? ''));

const say = (text: string): void => void process.stdout.write(`${text}\n`);
