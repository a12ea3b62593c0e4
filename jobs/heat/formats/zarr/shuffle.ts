// The shuffle filter of numcodecs: first the first bytes of all numbers, then the second ones, so that zlib finds more.

export function shuffled(bytes: Uint8Array, size: number): Uint8Array {
  const count = bytes.length / size;
  const output = new Uint8Array(bytes.length);
  for (let part = 0; part < size; part++)
    for (let at = 0; at < count; at++) output[part * count + at] = bytes[at * size + part]!;
  return output;
}
