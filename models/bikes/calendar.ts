// The calendar of Paris: public holidays by rule, school holidays of zone C as the ministry published them.

/** What a kind of school holidays does to traffic differs: many families stay for autumn, and leave in summer. */
export const SCHOOL_HOLIDAYS = ['none', 'summer', 'autumn', 'christmas', 'winter', 'spring'] as const;

export interface CalendarDay {
  /** 1 to 12. */
  readonly month: number;
  readonly isPublicHoliday: boolean;
  /** Index into `SCHOOL_HOLIDAYS`. */
  readonly schoolHoliday: number;
  /** Days since the holidays or the term began, and until its last day; at most `FARTHEST_DAYS`. */
  readonly since: number;
  readonly until: number;
}

/**
 * The first day without school and the day on which school begins again, zone C (Paris, Créteil, Versailles).
 * Source: Ministère de l'Éducation nationale, "Le calendrier scolaire", data.education.gouv.fr
 * (fr-en-calendrier-scolaire), Licence Ouverte. Beyond it, `BY_RULE` answers.
 */
const PUBLISHED: readonly (readonly [holiday: number, from: string, until: string])[] = [
  [1, '2019-07-06', '2019-09-02'],
  [2, '2019-10-19', '2019-11-04'],
  [3, '2019-12-21', '2020-01-06'],
  [4, '2020-02-08', '2020-02-24'],
  [5, '2020-04-04', '2020-04-20'],
  [1, '2020-07-04', '2020-09-01'],
  [2, '2020-10-17', '2020-11-02'],
  [3, '2020-12-19', '2021-01-04'],
  [4, '2021-02-13', '2021-03-01'],
  [5, '2021-04-10', '2021-04-26'],
  [1, '2021-07-07', '2021-09-02'],
  [2, '2021-10-23', '2021-11-08'],
  [3, '2021-12-18', '2022-01-03'],
  [4, '2022-02-19', '2022-03-07'],
  [5, '2022-04-23', '2022-05-09'],
  [1, '2022-07-08', '2022-09-01'],
  [2, '2022-10-22', '2022-11-07'],
  [3, '2022-12-17', '2023-01-03'],
  [4, '2023-02-18', '2023-03-06'],
  [5, '2023-04-22', '2023-05-09'],
  [1, '2023-07-08', '2023-09-04'],
  [2, '2023-10-21', '2023-11-06'],
  [3, '2023-12-23', '2024-01-08'],
  [4, '2024-02-10', '2024-02-26'],
  [5, '2024-04-06', '2024-04-22'],
  [1, '2024-07-06', '2024-09-02'],
  [2, '2024-10-19', '2024-11-04'],
  [3, '2024-12-21', '2025-01-06'],
  [4, '2025-02-15', '2025-03-03'],
  [5, '2025-04-12', '2025-04-28'],
  [1, '2025-07-05', '2025-09-01'],
  [2, '2025-10-18', '2025-11-03'],
  [3, '2025-12-20', '2026-01-05'],
  [4, '2026-02-21', '2026-03-09'],
  [5, '2026-04-18', '2026-05-04'],
  [1, '2026-07-04', '2026-09-01'],
  [2, '2026-10-17', '2026-11-02'],
  [3, '2026-12-19', '2027-01-04'],
  [4, '2027-02-06', '2027-02-22'],
  [5, '2027-04-03', '2027-04-19'],
  [1, '2027-07-03', '2027-09-01'],
];

/** What every year has, as month * 100 + day: summer and Christmas. The other holidays move too far to guess. */
const BY_RULE: readonly (readonly [holiday: number, from: number, until: number])[] = [
  [1, 706, 901],
  [3, 1221, 1232],
  [3, 101, 103],
];

const FIXED = new Set([101, 501, 508, 714, 815, 1101, 1111, 1225]);
/** Easter Monday, Ascension, Whit Monday. */
const AFTER_EASTER = new Set([1, 39, 50]);

const DAY_MS = 86_400_000;
const MOST_DAYS = 100_000;
/** Families return within the last fortnight of any holidays. */
const FARTHEST_DAYS = 14;
const monthAndDayOf = (day: number): number => {
  const date = new Date(day * DAY_MS);
  return (date.getUTCMonth() + 1) * 100 + date.getUTCDate();
};
const dayOf = (date: string): number => Date.parse(`${date}T00:00Z`) / DAY_MS;
const published = PUBLISHED.map(([holiday, from, until]) => ({
  holiday,
  from: dayOf(from),
  until: dayOf(until),
}));
const firstPublished = published[0]!.from;
const endOfPublished = published.at(-1)!.until;
const days = new Map<number, CalendarDay>();

/** `day`: days since 1970-01-01, of the local date. */
export function calendarDay(day: number): CalendarDay {
  const found = days.get(day);
  if (found !== undefined) return found;
  const inYear = monthAndDayOf(day);
  const year = new Date(day * DAY_MS).getUTCFullYear();
  const computed: CalendarDay = {
    month: Math.floor(inYear / 100),
    isPublicHoliday: FIXED.has(inYear) || AFTER_EASTER.has(day - easterOf(year)),
    schoolHoliday: schoolHolidayOf(day),
    since: distanceToChange(day, -1),
    until: distanceToChange(day, 1),
  };
  if (days.size >= MOST_DAYS) days.clear();
  days.set(day, computed);
  return computed;
}

/** Days in one direction over which the kind of school holidays stays the same. */
function distanceToChange(day: number, direction: 1 | -1): number {
  const own = schoolHolidayOf(day);
  let distance = 0;
  while (distance < FARTHEST_DAYS && schoolHolidayOf(day + (distance + 1) * direction) === own) distance += 1;
  return distance;
}

function schoolHolidayOf(day: number): number {
  if (day >= firstPublished && day < endOfPublished)
    return published.find(({ from, until }) => day >= from && day < until)?.holiday ?? 0;
  const inYear = monthAndDayOf(day);
  return BY_RULE.find(([, from, until]) => inYear >= from && inYear < until)?.[0] ?? 0;
}

/** Easter Sunday of the Gregorian calendar: the Sunday after the first church full moon of spring. */
export function easterOf(year: number): number {
  const century = Math.floor(year / 100);
  const moonShift = century - Math.floor(century / 4) - Math.floor((8 * century + 13) / 25);
  const epact = (19 * (year % 19) + moonShift + 15) % 30;
  // April's moon must fall on the 18th at the latest, and not twice on the same day within 19 years.
  const tooLate = epact === 29 || (epact === 28 && year % 19 > 10) ? 1 : 0;
  const fullMoon = Date.UTC(year, 2, 21) / DAY_MS + epact - tooLate;
  const weekday = (((fullMoon + 3) % 7) + 7) % 7;
  return fullMoon + (7 - ((weekday + 1) % 7));
}
