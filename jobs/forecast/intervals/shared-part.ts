// How much the scores of many sites say: the sites of one evening err together, so that a thousand scores of
// three evenings prove hardly more than three.

/** What is known of the forecast of one evening, for one horizon week. */
export interface EveningScores {
  /** At least one. */
  readonly scores: readonly number[];
}

/**
 * The part of the scores' variance that is common to all of an evening, 0 to 1 (the intraclass correlation).
 * Scores beyond `lowest` and `highest` count as these, so that an outlier does not decide.
 */
export function sharedPart(known: readonly EveningScores[], lowest: number, highest: number): number {
  const clipped = (score: number) => Math.min(highest, Math.max(lowest, score));
  const groups = known.map(({ scores }) => {
    const mean = scores.reduce((sum, score) => sum + clipped(score), 0) / scores.length;
    const squares = scores.reduce((sum, score) => sum + (clipped(score) - mean) ** 2, 0);
    return { count: scores.length, mean, squares };
  });
  const total = groups.reduce((sum, { count }) => sum + count, 0);
  // One evening does not show how evenings differ, nor one score of each how sites do.
  if (groups.length < 2 || total === groups.length) return 1;
  const mean = groups.reduce((sum, group) => sum + group.count * group.mean, 0) / total;
  const usualCount =
    (total - groups.reduce((sum, { count }) => sum + count * count, 0) / total) / (groups.length - 1);
  const between =
    groups.reduce((sum, group) => sum + group.count * (group.mean - mean) ** 2, 0) / (groups.length - 1);
  const within = groups.reduce((sum, { squares }) => sum + squares, 0) / (total - groups.length);
  const spread = between + (usualCount - 1) * within;
  return spread === 0 ? 1 : Math.max(0, (between - within) / spread);
}

/** One over the number of independent values that the scores are worth. */
export function scarcity(known: readonly EveningScores[], shared: number): number {
  let [squares, total] = [0, 0];
  for (const { scores } of known) {
    squares += scores.length * (scores.length * shared + 1 - shared);
    total += scores.length;
  }
  return squares / (total * total);
}
