// Which days are ordinary: no unusual closing or opening near them, at the site or across the company.

const NEAR_WEEKS = [-14, -7, 7, 14];
const FAR_WEEKS = [-21, -14, -7, 7, 14, 21];
/** People shop before a holiday and stay in after it: so many days on each side are not ordinary. */
const REACH_DAYS = 2;

/** 1 on days on which less than half of the sites are open that are open on that weekday around it. */
export function companyHolidays(open: Uint8Array, sites: number, width: number): Uint8Array {
  const share = openShare(open, sites, width);
  return Uint8Array.from(share, (today, day) => {
    const around = FAR_WEEKS.map((shift) => share[day + shift])
      .filter((value) => value !== undefined)
      .toSorted((one, other) => one - other);
    const usual = around[around.length >> 1] ?? 0;
    return usual > 0.5 && today < usual / 2 ? 1 : 0;
  });
}

/** The share of sites that are open, by day. */
export function openShare(open: Uint8Array, sites: number, width: number): Float64Array {
  const share = new Float64Array(width);
  for (let site = 0; site < sites; site += 1)
    for (let day = 0; day < width; day += 1) share[day]! += open[site * width + day]! / sites;
  return share;
}

/** 1 on regular open days: row-major like `open`. */
export function irregularDays(
  open: Uint8Array,
  holidays: Uint8Array,
  sites: number,
  width: number,
): Uint8Array {
  const regular = new Uint8Array(sites * width);
  for (let site = 0; site < sites; site += 1) {
    const row = open.subarray(site * width, (site + 1) * width);
    regular.set(row, site * width);
    for (let day = 0; day < width; day += 1) {
      if (holidays[day] === 0 && !breaksItsWeek(row, day)) continue;
      const from = Math.max(0, day - REACH_DAYS);
      const to = Math.min(width, day + REACH_DAYS + 1);
      regular.fill(0, site * width + from, site * width + to);
    }
  }
  return regular;
}

/** Open where the same weekday around is closed, or the other way round, in at least three of four weeks. */
function breaksItsWeek(row: Uint8Array, day: number): boolean {
  let openAround = 0;
  let known = 0;
  for (const shift of NEAR_WEEKS) {
    const value = row[day + shift];
    if (value === undefined) continue;
    openAround += value;
    known += 1;
  }
  if (known === 0) return false;
  return row[day] === 1 ? openAround <= known / 4 : openAround >= (3 * known) / 4;
}
