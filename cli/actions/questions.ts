// The rows of an export as questions to a prediction service: read by the parts that read the training data.
import type { Readable } from 'node:stream';
import { bytesOf } from '../../jobs/train-bikes/reading/bytes.ts';
import { normalForm, SEPARATORS, type Separator } from '../../jobs/train-bikes/reading/columns.ts';
import { textOf } from '../../jobs/train-bikes/reading/encoding.ts';
import { LineSplitter } from '../../jobs/train-bikes/reading/lines.ts';
import { fieldsOf, RowReader, type Row } from '../../jobs/train-bikes/reading/records.ts';
import { UnusableFile } from '../../jobs/train-bikes/reading/unusable.ts';
import { ConfigurationError, messageOf } from '../../shared/errors.ts';

/** What is asked of the service, as it is written. */
export interface Question {
  /** For messages: the file and the row. */
  readonly place: string;
  readonly counter: string;
  readonly at: string;
  readonly coordinates: string | undefined;
}

interface Columns {
  readonly separator: Separator;
  readonly fieldCount: number;
  readonly counter: number;
  readonly at: number;
  readonly coordinates: number;
}

/** Streams the file: plain or gzip, in any encoding and with any separator that the job reads. */
export async function* questionsIn(name: string, open: () => Readable): AsyncGenerator<Question> {
  const splitter = new LineSplitter();
  const reader = new QuestionReader(name);
  const encoding = { name: 'UTF-8' as const, latin1Lines: 0 };
  try {
    for await (const text of textOf(bytesOf(open), encoding)) yield* reader.read(splitter.push(text), false);
    yield* reader.read(splitter.end(), true);
  } catch (error) {
    if (error instanceof UnusableFile)
      throw new ConfigurationError(`${name}: ${error.message}`, { cause: error });
    if ((error as { code?: unknown }).code === 'ENOENT')
      throw new ConfigurationError(`--file: ${messageOf(error)}`);
    throw error;
  }
}

class QuestionReader {
  readonly #name: string;
  #line = 0;
  #columns: Columns | undefined;
  #rows: RowReader | undefined;

  constructor(name: string) {
    this.#name = name;
  }

  *read(lines: readonly string[], isLast: boolean): Generator<Question> {
    let at = 0;
    for (; this.#rows === undefined && at < lines.length; at += 1) {
      this.#line += 1;
      if (lines[at]!.trim() !== '') this.#begin(lines[at]!);
    }
    if (this.#rows === undefined) {
      if (isLast) throw new UnusableFile('no header', EXPECTED);
      return;
    }
    for (const row of this.#rows.rowsOf(lines.slice(at), isLast)) {
      const question = this.#questionOf(row);
      if (question !== undefined) yield question;
    }
  }

  #begin(header: string): void {
    this.#columns = columnsOf(header);
    const { separator, fieldCount } = this.#columns;
    this.#rows = new RowReader(separator, fieldCount, this.#line + 1);
  }

  /** Undefined for a blank line. */
  #questionOf({ line, fields }: Row): Question | undefined {
    const { fieldCount, counter, at, coordinates } = this.#columns!;
    const place = `${this.#name}, line ${line}`;
    if (typeof fields === 'string') throw new ConfigurationError(`${place}: ${ODD[fields]}`);
    if (fields.every((field) => field.trim() === '')) return undefined;
    if (fields.length !== fieldCount)
      throw new ConfigurationError(`${place}: found ${fields.length} fields; expected ${fieldCount}`);
    const where = coordinates === -1 ? '' : fields[coordinates]!.trim();
    return {
      place,
      counter: fields[counter]!,
      at: fields[at]!,
      coordinates: where === '' ? undefined : where,
    };
  }
}

const ODD: Readonly<Record<Extract<Row['fields'], string>, string>> = {
  'unclosed-quote': 'found a quote that never closes',
  'line-too-long': 'found a line that is too long',
};

const EXPECTED =
  'a header with the columns "Nom du compteur" and "Date et heure de comptage", separated by semicolons, commas or tabs';

function columnsOf(header: string): Columns {
  for (const separator of SEPARATORS) {
    const forms = (fieldsOf(header, separator)?.[0] ?? []).map(normalForm);
    const [counter, at] = [forms.indexOf('nom_du_compteur'), forms.indexOf('date_et_heure_de_comptage')];
    if (counter === -1 || at === -1) continue;
    const coordinates = forms.indexOf('coordonnees_geographiques');
    return { separator, fieldCount: forms.length, counter, at, coordinates };
  }
  throw new UnusableFile(`no header: "${header.slice(0, 100)}"`, EXPECTED);
}
