// The twelve shopping centres of the sample. They are invented.

export interface Site {
  readonly code: string;
  readonly mall: string;
  readonly cluster: string;
  /** Visitors on an ordinary day in 2024. */
  readonly visitors: number;
  /** Part by which a year differs from the one before. */
  readonly growth: number;
  /** The Sundays on which it opens. */
  readonly sundays: 'none' | 'december' | 'monthly';
}

const BIG = 'Métropole';
const EDGE = 'Périphérie';
const TOWN = 'Ville moyenne';

export const SITES: readonly Site[] = [
  site('C101', "L'Échappée Belle", BIG, 15_800, 0.03, 'monthly'),
  site('C102', "Porte de l'Océan", BIG, 12_400, 0.015, 'monthly'),
  site('C103', "Grand'Place du Ventoux", BIG, 18_900, -0.01, 'december'),
  site('C104', 'Cœur de Brière', BIG, 9_700, 0.045, 'december'),
  site('C201', 'Les Allées des Érables', EDGE, 7_300, 0.02, 'monthly'),
  site('C202', "Val d'Orée", EDGE, 5_900, 0.005, 'none'),
  site('C203', 'Île-aux-Moulins', EDGE, 8_100, -0.02, 'december'),
  site('C204', 'Nœud des Trois Forêts', EDGE, 6_450, 0.06, 'none'),
  site('C301', "Les Arcades d'Éole", TOWN, 3_150, 0.01, 'none'),
  site('C302', "Bois-l'Abbesse", TOWN, 2_480, -0.03, 'none'),
  site('C303', 'Le Clos Saint-Élan', TOWN, 3_920, 0.025, 'december'),
  site('C304', 'La Fontaine aux Chênes', TOWN, 1_860, 0, 'none'),
];

function site(
  code: string,
  mall: string,
  cluster: string,
  visitors: number,
  growth: number,
  sundays: Site['sundays'],
): Site {
  return { code, mall, cluster, visitors, growth, sundays };
}
