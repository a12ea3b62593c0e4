// A company whose sites have hostile names, for the forecast's screen: some months of visitors, and one site to report less.
import { dayOf, isoDateOf, weekdayOf } from '../../../jobs/forecast/series/panel.ts';
import {
  date,
  flux,
  LONG_HEADER,
  openings,
  OPENINGS_HEADER,
  transco,
  TRANSCO_HEADER,
} from '../../jobs/forecast/folder.ts';
import { xlsx, type TestCell } from '../../jobs/forecast/workbooks.ts';
import type { Folder } from '../start-mesh.ts';

export const MARKUP = '<img src=x onerror=alert(1)></script>';
/** The job takes out what cannot be seen; the rest of the name stays. */
export const RIGHT_TO_LEFT = '\u202Elive\u2066';
export const LONG = 'x'.repeat(200);
const MALLS = [MARKUP, RIGHT_TO_LEFT, LONG, 'Évry 2', 'Bègles, "Rives d’Arcins"', 'javascript:alert(2)'];
export const SITES = 54;
const [FIRST, LAST] = [dayOf('2024-01-01'), dayOf('2025-03-14')];

/** Of the fourth site, Évry 2, only `share` of the visitors came on the last four days. */
export function companyWith(share: number): Folder {
  const malls = [
    ...MALLS,
    ...Array.from({ length: SITES - MALLS.length }, (_, index) => `Centre ${String(index).padStart(2, '0')}`),
  ];
  const rows: Record<string, TestCell[][]> = { '2024': [], '2025': [] };
  malls.forEach((_, site) => {
    // The newest site opened lately, so that not every site has a last year.
    for (let day = site === SITES - 1 ? LAST - 30 : FIRST; day <= LAST; day++) {
      const iso = isoDateOf(day);
      const usual = weekdayOf(day) === 6 ? 0 : 900 + site * 20 + ((day * 7919 + site * 31) % 97);
      const visits = site === 3 && day > LAST - 4 ? Math.round(usual * share) : usual;
      rows[iso.slice(0, 4)]?.push([`S${site}`, date(iso), visits]);
    }
  });
  const clusters = ['Nord', 'Sud', '<b>Est</b>'];
  const transcoRows = malls.map((mall, site) => [`S${site}`, mall, clusters[site % 3] ?? '']);
  const fluxOf = (year: string) => flux(xlsx([LONG_HEADER, ...(rows[year] ?? [])])).bytes;
  return {
    '2024 flux quotidiens.xlsx': fluxOf('2024'),
    '2025 flux quotidiens.xlsx': fluxOf('2025'),
    'Transco.xlsx': transco(xlsx([TRANSCO_HEADER, ...transcoRows])).bytes,
    'Recensement OE 2024.xlsx': openings(xlsx([OPENINGS_HEADER, ['Évry 2', date('2025-03-20'), 'Non']]))
      .bytes,
  };
}
