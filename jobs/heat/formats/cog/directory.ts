// The directories of a COG: tags in ascending order, with their longer values right behind each directory.

export interface Tag {
  readonly tag: number;
  readonly type: 'short' | 'long' | 'double' | 'ascii';
  readonly values: readonly number[] | string;
}

const TYPES = { ascii: [2, 1], short: [3, 2], long: [4, 4], double: [12, 8] } as const;
const ENTRY_BYTES = 12;

const even = (bytes: number): number => bytes + (bytes & 1);

const bytesOf = ({ type, values }: Tag): Buffer => {
  if (typeof values === 'string') return Buffer.from(`${values}\0`);
  const [, size] = TYPES[type];
  const bytes = Buffer.alloc(values.length * size);
  values.forEach((value, at) => {
    if (type === 'short') bytes.writeUInt16LE(value, at * size);
    else if (type === 'long') bytes.writeUInt32LE(value, at * size);
    else bytes.writeDoubleLE(value, at * size);
  });
  return bytes;
};

export function directorySize(tags: readonly Tag[]): number {
  const beside = tags.map((tag) => bytesOf(tag).length).filter((length) => length > 4);
  return even(2 + tags.length * ENTRY_BYTES + 4 + beside.reduce((sum, length) => sum + even(length), 0));
}

/** `offset` is where the directory begins in the file; `next` where the one after it does, or 0. */
export function directoryBytes(tags: readonly Tag[], offset: number, next: number): Buffer {
  const directory = Buffer.alloc(directorySize(tags));
  directory.writeUInt16LE(tags.length, 0);
  let beside = 2 + tags.length * ENTRY_BYTES + 4;
  directory.writeUInt32LE(next, beside - 4);
  tags.forEach((tag, index) => {
    const at = 2 + index * ENTRY_BYTES;
    const bytes = bytesOf(tag);
    const [code, size] = TYPES[tag.type];
    directory.writeUInt16LE(tag.tag, at);
    directory.writeUInt16LE(code, at + 2);
    directory.writeUInt32LE(bytes.length / size, at + 4);
    if (bytes.length <= 4) bytes.copy(directory, at + 8);
    else {
      directory.writeUInt32LE(offset + beside, at + 8);
      bytes.copy(directory, beside);
      beside += even(bytes.length);
    }
  });
  return directory;
}
