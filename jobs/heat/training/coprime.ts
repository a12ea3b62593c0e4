// Steps through a list whose entries repeat in a rhythm, so that no place of the rhythm is left out.

/** The least number from `from` on that has no divisor in common with `rhythm`. */
export function coprime(from: number, rhythm: number): number {
  let found = from;
  while (commonDivisor(found, rhythm) > 1) found++;
  return found;
}

const commonDivisor = (one: number, other: number): number =>
  other === 0 ? one : commonDivisor(other, one % other);
