// What is unusual in the raw files and still usable, by its code, in English and in French.
import { fr } from '../../../shared/page/french.ts';
import type { Translated } from '../../../shared/page/languages.ts';

export const NOTES = {
  'times-missing': {
    en: '{name}: {missing} of {all} times are missing ({times})',
    fr: fr`{name} : {missing} heures manquent sur {all} ({times})`,
  },
  'times-empty': {
    en: '{name}: {empty} of {all} times have no value in any cell ({times})',
    fr: fr`{name} : {empty} heures sur {all} n’ont de valeur dans aucune maille ({times})`,
  },
  'scene-elsewhere': {
    en: '{scene}: the scene shows no part of {city}, and is left out',
    fr: fr`{scene} : l’image ne montre aucune partie de {city} et n’est pas utilisée`,
  },
  'scene-bright': {
    en: '{scene}: nearly all numbers are {dark} or more; if they hold the offset of baseline 04.00, set sources.sentinel2.boa_add_offset: -1000',
    fr: fr`{scene} : presque tous les nombres valent {dark} ou plus ; s’ils comprennent le décalage de la base 04.00, fixez sources.sentinel2.boa_add_offset: -1000`,
  },
  'scene-clear': {
    en: '{scene}: {percent} % of the scene is clear',
    fr: fr`{scene} : {percent} % de l’image est sans nuages`,
  },
  'lines-left-out': {
    en: '{file}: {count} lines are left out (the first is line {line})',
    fr: fr`{file} : {count} lignes ne sont pas utilisées (la première : ligne {line})`,
  },
  'station-left-out': {
    en: '{file}: the station {station} is not in the list, or not in the box, and is left out',
    fr: fr`{file} : la station {station} n’est pas dans la liste ou pas dans le cadre, et n’est pas utilisée`,
  },
  'suspect-values': {
    en: '{file}: {count} suspect values count as missing',
    fr: fr`{file} : {count} valeurs suspectes comptent comme manquantes`,
  },
  'no-station-value': {
    en: 'no station of the box has a value in the period',
    fr: 'aucune station du cadre n’a de valeur pendant la période',
  },
  'features-without-geometry': {
    en: '{file}: {count} features have no geometry, and are left out',
    fr: fr`{file} : {count} objets n’ont pas de géométrie et ne sont pas utilisés`,
  },
  'outlines-cross': {
    en: '{file}: {count} outlines cross themselves (the first is {first}); what is inside is decided by even-odd',
    fr: fr`{file} : {count} contours se croisent eux-mêmes (le premier : {first}) ; l’intérieur est décidé par la règle pair-impair`,
  },
} as const satisfies Readonly<Record<string, Translated<string>>>;
