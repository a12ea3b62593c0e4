// What is kept of a week: its forecast and its trees, in one sealed object.
import { createHash } from 'node:crypto';

export interface WeekResult {
  /** Visits, whole and at least 0, row-major, one row per site. */
  readonly predictions: Int32Array;
  /** Each member's trees, in XGBoost's own form; none when there was too little to learn from. */
  readonly models: readonly Uint8Array[];
  readonly trainedRows: number;
  readonly cycleWeeks: number;
}

const MAGIC = 'sluice-week-1\n';
const DIGEST_BYTES = 32;

/** Head (JSON), forecast, models, then a digest of it all. */
export function encodeWeek(result: WeekResult): Buffer {
  const { predictions, models, trainedRows, cycleWeeks } = result;
  const head = JSON.stringify({
    predictions: predictions.length,
    models: models.map((model) => model.length),
    trainedRows,
    cycleWeeks,
  });
  const numbers = Buffer.alloc(predictions.length * 4);
  predictions.forEach((value, index) => numbers.writeInt32LE(value, index * 4));
  const body = Buffer.concat([Buffer.from(`${MAGIC}${head}\n`), numbers, ...models]);
  return Buffer.concat([body, digestOf(body)]);
}

/** Undefined when the bytes are not a whole week of `length` predictions: then the week is learnt again. */
export function decodeWeek(bytes: Buffer, length: number): WeekResult | undefined {
  const body = bytes.subarray(0, Math.max(0, bytes.length - DIGEST_BYTES));
  if (!digestOf(body).equals(bytes.subarray(body.length))) return undefined;
  if (!body.subarray(0, MAGIC.length).equals(Buffer.from(MAGIC))) return undefined;
  const headEnd = body.indexOf('\n', MAGIC.length);
  const head = JSON.parse(body.toString('utf8', MAGIC.length, headEnd)) as Head;
  if (head.predictions !== length) return undefined;
  const at = headEnd + 1;
  let next = at + length * 4;
  return {
    predictions: Int32Array.from({ length }, (_, index) => body.readInt32LE(at + index * 4)),
    models: head.models.map((size) => new Uint8Array(body.subarray(next, (next += size)))),
    trainedRows: head.trainedRows,
    cycleWeeks: head.cycleWeeks,
  };
}

/** What the encoder wrote in front; the digest says that it is whole. */
interface Head {
  readonly predictions: number;
  readonly models: readonly number[];
  readonly trainedRows: number;
  readonly cycleWeeks: number;
}

const digestOf = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();
