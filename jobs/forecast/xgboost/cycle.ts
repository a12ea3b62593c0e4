// Finds the rhythm of weeks, if there is one: campaigns that come every second week, every third, and so on.

const LONGEST_WEEKS = 6;
/** Two years show a rhythm; older weeks may have had another. */
const INSPECTED_WEEKS = 104;
const LEAST_PAIRS = 8;
/** Weeks that have nothing to do with each other seldom correlate more than this over two years. */
const CLEAR = 0.3;
/** Weeks that differ less than this, as a share of the visits, have no rhythm worth following. */
const LEAST_SPREAD = 0.01;
/** A rhythm of two weeks shows at four and six as well: the shortest that is about as clear is the rhythm. */
const ABOUT_AS_CLEAR = 0.75;

/**
 * `weeks` are the company's deviations by week, NaN where unknown, up to the cut. Gives the period in weeks,
 * 2 to 6, or 1 when no rhythm stands out.
 */
export function cycleOf(weeks: Float64Array): number {
  const recent = weeks.subarray(Math.max(0, weeks.length - INSPECTED_WEEKS));
  const echoes = Array.from({ length: LONGEST_WEEKS }, (_, index) => echo(recent, index + 1));
  const clearest = Math.max(...echoes.slice(1));
  if (clearest < CLEAR || clearest <= echoes[0]!) return 1;
  return echoes.findIndex((value, index) => index > 0 && value >= clearest * ABOUT_AS_CLEAR) + 1;
}

/** The correlation of each week with the one `lag` weeks before; -1 when too few are known, or differ. */
function echo(weeks: Float64Array, lag: number): number {
  const pairs: [number, number][] = [];
  for (let week = lag; week < weeks.length; week += 1) {
    const now = weeks[week]!;
    const then = weeks[week - lag]!;
    if (!Number.isNaN(now) && !Number.isNaN(then)) pairs.push([now, then]);
  }
  if (pairs.length < LEAST_PAIRS) return -1;
  const mean = (side: 0 | 1): number => pairs.reduce((sum, pair) => sum + pair[side], 0) / pairs.length;
  const [nowMean, thenMean] = [mean(0), mean(1)];
  let together = 0;
  let nowAlone = 0;
  let thenAlone = 0;
  for (const [now, then] of pairs) {
    together += (now - nowMean) * (then - thenMean);
    nowAlone += (now - nowMean) ** 2;
    thenAlone += (then - thenMean) ** 2;
  }
  const least = pairs.length * LEAST_SPREAD ** 2;
  return nowAlone < least || thenAlone < least ? -1 : together / Math.sqrt(nowAlone * thenAlone);
}
