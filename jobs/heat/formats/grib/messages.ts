// Finds the messages of a GRIB file, with or without zero bytes between them.
import type { OpenedFile } from '../opened-file.ts';
import { UnusableFile } from '../unusable.ts';
import { fieldOfEdition1 } from './edition1.ts';
import { fieldsOfEdition2 } from './edition2.ts';
import type { Field } from './field.ts';

export interface MessagePlace {
  readonly offset: number;
  readonly length: number;
  readonly edition: number;
  /** Counted from 1. */
  readonly number: number;
}

const HEADER_BYTES = 16;
const GRIB = Buffer.from('GRIB');
const END = Buffer.from('7777');
/** Archives pad a message to a whole number of words; nothing pads more than this. */
const MOST_PADDING = 65_536;
const NEAR_BYTES = 256;
/** ECMWF's way to write more than 8 MiB in edition 1. */
const LARGE_MESSAGE = 0x800000;

export function* messagesOf(file: OpenedFile): Generator<MessagePlace, void, undefined> {
  let offset = 0;
  for (let number = 1; ; number++) {
    const start = startAfter(file, offset, number);
    if (start === undefined) return;
    const message = messageAt(file, start, number);
    yield message;
    offset = start + message.length;
  }
}

/** Where the next `GRIB` is; undefined at the end. Only zero bytes may stand before it. */
function startAfter(file: OpenedFile, offset: number, number: number): number | undefined {
  const most = Math.min(MOST_PADDING, file.sizeBytes - offset);
  const isFilled = (bytes: Buffer) => bytes.some((byte) => byte !== 0);
  // Most messages are followed by few zero bytes or none.
  const near = file.read(offset, Math.min(NEAR_BYTES, most));
  const next = isFilled(near) ? near : file.read(offset, most);
  if (!isFilled(next) && most === file.sizeBytes - offset && number > 1) return undefined;
  const padding = next.findIndex((byte) => byte !== 0);
  const start = offset + Math.max(0, padding);
  const found = file.read(start, Math.min(GRIB.length, file.sizeBytes - start));
  if (found.equals(GRIB)) return start;
  const shown = found.length === 0 ? 'an empty file' : `the bytes ${found.toString('hex')}`;
  const place = `message ${number} at byte ${start}`;
  throw new UnusableFile({ file: file.name, place, found: shown, expected: 'the letters GRIB' });
}

function messageAt(file: OpenedFile, offset: number, number: number): MessagePlace {
  const place = `message ${number} at byte ${offset}`;
  const refuse = (found: string, expected: string): never => {
    throw new UnusableFile({ file: file.name, place, found, expected });
  };
  const header = file.read(offset, HEADER_BYTES, place);
  const edition = header[7]!;
  if (edition !== 1 && edition !== 2) refuse(`edition ${edition}`, 'edition 1 or 2');
  const length = edition === 1 ? header.readUIntBE(4, 3) : Number(header.readBigUInt64BE(8));
  if (edition === 1 && length >= LARGE_MESSAGE)
    refuse('a message of more than 8 MiB of edition 1', 'a smaller area, or edition 2');
  if (length < HEADER_BYTES + 4) refuse(`a length of ${length} bytes`, 'a whole message');
  const end = file.read(offset + length - 4, 4, place);
  if (!end.equals(END))
    refuse(`the bytes ${end.toString('hex')} at its end`, '7777 (the message is damaged)');
  return { offset, length, edition, number };
}

/** The fields of one message; their values are decoded only when they are asked for. */
export function* fieldsOf(
  file: OpenedFile,
  { offset, length, edition, number }: MessagePlace,
  mostCells: number,
): Generator<Field, void, undefined> {
  const place = `message ${number} at byte ${offset}`;
  const message = file.read(offset, length, place);
  if (edition === 1) yield fieldOfEdition1(file.name, place, message, mostCells);
  else yield* fieldsOfEdition2(file.name, place, message, mostCells);
}
