// How the commands print: text for people, or JSON for another program.
import type { Pipeline } from '../shared/pipelines/pipeline.ts';
import { messageIn, withLocalTimes, type Suggestion } from './messages.ts';
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
  /** A line for people, beside the data: a hint, or what to type next. Printed once, however often it is given. */
  hint(line: string): void;
  /**
   * A reason for people, with its times in the zone of the pipeline. The commands that it suggests are hints below the
   * thing that is shown next.
   */
  message(reason: string, pipeline?: Pipeline): string;
}

/** What the command was called with. */
export interface Called {
  asJson(): boolean;
  /** The pipeline that the command works on. */
  pipeline(): Pipeline | undefined;
  /** The whole command that a suggestion means. */
  lineOf(suggestion: Suggestion): string;
}

export function printing({ asJson, pipeline: chosen, lineOf }: Called): Printing {
  // A terminal without a size has 0 columns.
  const width = () => process.stdout.columns || DEFAULT_WIDTH;
  const hinted = new Set<string>();
  let suggested: Suggestion[] = [];
  const hint = (line: string): void => {
    if (asJson() || hinted.has(line)) return;
    hinted.add(line);
    print(line);
  };
  const withSuggestions = (text: string | Drawn): void => {
    print(text);
    for (const suggestion of suggested) hint(`${suggestion.purpose}: ${lineOf(suggestion)}`);
    suggested = [];
  };
  return {
    show: (data, facts) => (asJson() ? print(jsonText(data)) : withSuggestions(factsTable(facts, width()))),
    showRows(data, rows, empty) {
      suggested = [];
      if (asJson()) return print(jsonText(data));
      print(rows.length === 0 ? empty : rowsTable(rows, width()));
    },
    report: (data, text) => (asJson() ? print(jsonText(data)) : withSuggestions(text)),
    detail(title, rows) {
      if (!asJson()) print(`${title}\n${rowsTable(rows, width())}`);
    },
    hint,
    message(reason, pipeline = chosen()) {
      const { text, suggestions } = messageIn(reason);
      suggested.push(...suggestions);
      return pipeline === undefined ? text : withLocalTimes(text, pipeline);
    },
  };
}

const print = (text: string | Drawn): void => writeLine(process.stdout, text);
