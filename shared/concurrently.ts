// Does the same work for many items, a bounded number at a time (law 10), and returns the results in order.

/**
 * After the first failure no further item is started. It is thrown when no work is under way any more: what the caller
 * does next, such as another try, never meets an effect of this call that is still to come.
 */
export async function concurrently<T, R>(
  items: readonly T[],
  most: number,
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  const waiting = items.entries();
  const failures: unknown[] = [];
  const takeTurns = async (): Promise<void> => {
    for (const [index, item] of waiting) {
      if (failures.length > 0) return;
      try {
        results[index] = await work(item);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, takeTurns));
  if (failures.length > 0) throw failures[0];
  return results;
}
