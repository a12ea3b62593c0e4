// Why a number or a layer is not known, by its code, in English and in French. A code is never given another meaning.
import { fr } from '../../../shared/page/french.ts';
import type { Translated } from '../../../shared/page/languages.ts';

export const REASONS = {
  // Errors.
  'no-pairs': {
    en: 'no place and time has both a prediction and a truth',
    fr: 'aucun lieu et aucune heure n’ont à la fois une prédiction et une vérité',
  },
  'same-truth': {
    en: 'the truth is the same everywhere',
    fr: 'la vérité est partout la même',
  },
  'same-truth-or-prediction': {
    en: 'the truth or the prediction is the same everywhere',
    fr: 'la vérité ou la prédiction est partout la même',
  },
  'no-held-block': {
    en: 'no block of the reference was held out',
    fr: 'aucune partie de la référence n’a été mise de côté',
  },
  'baseline-without-error': {
    en: 'the baseline has no error',
    fr: 'la méthode de base n’a pas d’erreur',
  },
  'no-stations': { en: 'the city has no stations', fr: 'la ville n’a pas de station' },
  'many-stations': {
    en: '{stations} stations; trees are learned for at most {most}',
    fr: fr`{stations} stations ; les arbres n’apprennent qu’avec {most} au plus`,
  },
  'one-station': {
    en: 'one station alone has no other to be corrected by',
    fr: 'une station seule n’en a pas d’autre qui la corrige',
  },
  'no-measurement': {
    en: 'no station has a measurement on a day of the period',
    fr: 'aucune station n’a de mesure un jour de la période',
  },
  // Indicators.
  'no-population': {
    en: 'no source has the number of inhabitants',
    fr: 'aucune source ne donne le nombre d’habitants',
  },
  'no-value': { en: 'no cell has a value', fr: 'aucune maille n’a de valeur' },
  'no-whole-day': {
    en: 'no cell has a value at every hour of a day',
    fr: 'aucune maille n’a de valeur à toutes les heures d’un jour',
  },
  'nothing-above': {
    en: 'no value is above {threshold} °C',
    fr: 'aucune valeur ne dépasse {threshold} °C',
  },
  'few-cells': {
    en: 'found {built} built and {vegetated} vegetated cells; at least {least} of each are needed',
    fr: fr`{built} mailles bâties et {vegetated} mailles végétalisées trouvées ; il en faut au moins {least} de chaque`,
  },
  'not-wanted': {
    en: 'the configuration switches the analysis of the heat island off',
    fr: 'la configuration désactive l’analyse de l’îlot de chaleur',
  },
  'no-night-hour': {
    en: 'the period has no hour from 22 to 4 h of the sun',
    fr: 'la période n’a aucune heure entre 22 et 4 h solaires',
  },
  'no-day-hour': {
    en: 'the period has no hour from 10 to 16 h of the sun',
    fr: 'la période n’a aucune heure entre 10 et 16 h solaires',
  },
  // Learning.
  'no-reference': {
    en: 'the city has no reference series to learn from',
    fr: 'la ville n’a pas de série de référence dont apprendre',
  },
  'weather-outside': {
    en: 'no cell of the weather lies within the reference series',
    fr: 'aucune maille des données météo n’est dans la série de référence',
  },
  'grids-differ': {
    en: 'the reference cannot be learned from: found {found}; expected {expected}',
    fr: fr`la référence ne peut pas servir : sa grille et celle des données météo ne s’accordent pas (en anglais : « found {found}; expected {expected} »)`,
  },
  'no-whole-cell': {
    en: 'no cell of the reference has a value at every hour',
    fr: 'aucune maille de la référence n’a de valeur à chaque heure',
  },
  'weather-incomplete': {
    en: 'the weather lacks values in cells that the reference has',
    fr: 'il manque aux données météo des valeurs de mailles que la référence contient',
  },
  'too-large-to-learn': {
    en: '{coarse} coarse and {fine} fine cells are too many to learn from even a day of them',
    fr: '{coarse} mailles larges et {fine} mailles fines sont trop pour apprendre ne serait-ce que d’un jour',
  },
  'reference-too-short': {
    en: 'the reference is too short to hold a block of it out',
    fr: 'la référence est trop courte pour en mettre une partie de côté',
  },
  'no-xgboost': { en: 'XGBoost is not installed', fr: 'XGBoost n’est pas installé' },
  'too-many-cells': {
    en: 'the fine grid has {cells} cells; by itself it is trained on at most {most}',
    fr: fr`la grille fine a {cells} mailles ; la méthode n’est entraînée d’office que jusqu’à {most}`,
  },
  // Layers.
  'no-band': { en: 'there is no {band}', fr: 'il n’y a pas de {band}' },
  'no-bands': { en: 'there is no {first} and no {second}', fr: 'il n’y a ni {first} ni {second}' },
  'no-clear-cell': {
    en: 'no cell is clear in any scene',
    fr: 'aucune maille n’est sans nuages dans aucune image',
  },
  'no-scene': {
    en: 'no scene of Sentinel-2 covers the city in the period',
    fr: 'aucune image de Sentinel-2 ne couvre la ville pendant la période',
  },
  'no-outlines': {
    en: 'there are no outlines of {layer}',
    fr: 'il n’y a pas de contours de la couche {layer}',
  },
  'no-outlines-and-scene': {
    en: 'there are no outlines of {layer}, and no classified scene',
    fr: 'il n’y a ni contours de la couche {layer}, ni image classée',
  },
  'layer-empty': { en: 'the layer is empty', fr: 'la couche est vide' },
  'no-hour': {
    en: 'no hour of the period has a value',
    fr: 'aucune heure de la période n’a de valeur',
  },
} as const satisfies Readonly<Record<string, Translated<string>>>;
