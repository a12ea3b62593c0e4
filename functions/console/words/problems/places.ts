// The reason of a refused input, which names the first problem with its place in a workbook or an export.
import { fr } from '../../../../shared/page/french.ts';
import type { Patterns } from './patterns.ts';

export const PLACES: Patterns = {
  '{a}: found {A}; expected {B}': fr`{a} : trouvé {A} ; attendu {B}`,
  '{a}, sheet "{b}": found {A}; expected {B}': fr`{a}, feuille "{b}" : trouvé {A} ; attendu {B}`,
  '{a}, sheet "{b}", column {c}: found {A}; expected {B}': fr`{a}, feuille "{b}", colonne {c} : trouvé {A} ; attendu {B}`,
  '{a}, sheet "{b}", row {c}: found {A}; expected {B}': fr`{a}, feuille "{b}", ligne {c} : trouvé {A} ; attendu {B}`,
  '{a}, sheet "{b}", row {c}, column {d}: found {A}; expected {B}': fr`{a}, feuille "{b}", ligne {c}, colonne {d} : trouvé {A} ; attendu {B}`,
  '{a}, line {b}: found {A}; expected {B}': fr`{a}, ligne {b} : trouvé {A} ; attendu {B}`,
  '{a}, line {b}, column "{c}": found {A}; expected {B}': fr`{a}, ligne {b}, colonne "{c}" : trouvé {A} ; attendu {B}`,
};
