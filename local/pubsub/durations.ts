// Durations as Google's REST APIs write them: decimal seconds with an `s`, such as "10s" or "0.5s".
import { invalid } from '../http/errors.ts';

const DURATION = /^(\d{1,12}(?:\.\d{1,9})?)s$/;

/** Milliseconds in `text`; 400 naming `field` when it is no duration. */
export function durationMs(field: string, text: unknown): number {
  const seconds = typeof text === 'string' ? DURATION.exec(text)?.[1] : undefined;
  if (seconds === undefined) {
    throw invalid(`Invalid value at '${field}' (type.googleapis.com/google.protobuf.Duration), "${text}"`);
  }
  return Math.round(Number(seconds) * 1000);
}

/** The same, refused when outside `minMs` to `maxMs`. */
export function durationWithin(field: string, text: unknown, minMs: number, maxMs: number): number {
  const ms = durationMs(field, text);
  refuseOutside(field, ms / 1000, minMs / 1000, maxMs / 1000);
  return ms;
}

/** Refuses a number outside `min` to `max`, in the words Pub/Sub uses. */
export function refuseOutside(field: string, value: number, min: number, max: number): void {
  // Written so that what is no number is outside too.
  if (!(value >= min)) {
    throw invalid(
      `The value for ${field} is too small. You passed ${value} in the request, but the minimum value is ${min}.`,
    );
  }
  if (!(value <= max)) {
    throw invalid(
      `The value for ${field} is too large. You passed ${value} in the request, but the maximum value is ${max}.`,
    );
  }
}
