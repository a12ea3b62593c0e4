// How the commands print: text for people, or JSON for another program.
import { jsonText, writeLine, type Drawn } from './terminal.ts';
import { DEFAULT_WIDTH, factsTable, rowsTable } from './table.ts';

type Facts = Readonly<Record<string, unknown>>;

export interface Printing {
  /** One thing: `data` as JSON, or its facts as text, line by line. */
  show(data: object, facts: Facts): void;
  /** Many things: `data` as JSON, or a table of rows with the same columns; `empty` is printed where there are none. */
  showRows(data: readonly object[], rows: readonly Facts[], empty: string): void;
  /** One thing that has a form of its own for people. */
  report(data: object, text: string | Drawn): void;
  /** More rows of the same thing, for people alone: their data is in the JSON already. */
  detail(title: string, rows: readonly Facts[]): void;
  /** Text for people, beside the data: a hint, or what to type next. */
  hint(text: string): void;
}

export function printing(asJson: () => boolean): Printing {
  const width = () => process.stdout.columns ?? DEFAULT_WIDTH;
  return {
    show: (data, facts) => print(asJson() ? jsonText(data) : factsTable(facts, width())),
    showRows(data, rows, empty) {
      if (asJson()) return print(jsonText(data));
      print(rows.length === 0 ? empty : rowsTable(rows, width()));
    },
    report: (data, text) => print(asJson() ? jsonText(data) : text),
    detail(title, rows) {
      if (!asJson()) print(`${title}\n${rowsTable(rows, width())}`);
    },
    hint(text) {
      if (!asJson()) print(text);
    },
  };
}

const print = (text: string | Drawn): void => writeLine(process.stdout, text);
