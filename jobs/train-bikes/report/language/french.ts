// All the report's texts in French, with the spaces that French sets before its signs.
import { countedBy, fr } from '../../../../shared/page/french.ts';
import type { Messages } from './english.ts';
import { formatOf } from './format.ts';

const format = formatOf('fr-FR', '1er');
const { whole, time } = format;

const counted = countedBy(whole);

export const french: Messages = {
  format,
  page: {
    title: (pipeline, lastHour) => fr`${pipeline} : entraînement jusqu’au ${time(lastHour)}`,
    intro: (rows, counters, firstHour, lastHour) =>
      fr`${counted(rows, 'heure', 'heures')} de ${counted(counters, 'compteur', 'compteurs')}, du ${time(firstHour)} au ${time(lastHour)} (heure de Paris). Toutes les erreurs de cette page sont mesurées hors échantillon : sur des mois que les modèles mesurés n’avaient pas vus.`,
    count: 'Le comptage d’une heure',
    worst: 'Les compteurs aux plus grandes erreurs',
    class: 'Forte ou faible',
    classMeans:
      'Une heure est forte si elle compte plus de vélos que l’heure moyenne du compteur dans les données d’entraînement.',
    data: 'Les données',
    measured: 'Comment les erreurs sont mesurées',
    measuredHow: fr`À la fin des données, plusieurs mois sont laissés de côté tour à tour. Chaque candidat est entraîné sur ce qui précède, puis prédit le mois ; les chiffres portent sur tous ces mois ensemble. Le gagnant est ensuite entraîné sur toutes les données. La recette du champion est mesurée de la même façon, sur les mêmes lignes.`,
    notes: fr`Les remarques du programme, en anglais :`,
    noNotes: 'Aucune anomalie n’a été trouvée dans les données.',
  },
  tiles: {
    logRmse: 'Comptage d’une heure, log RMSE',
    mae: 'Erreur moyenne, vélos par heure',
    r2: 'R²',
    accuracy: 'Forte ou faible, part correcte',
    f1: 'F1 de forte',
    naive: (value) => fr`naïf ${value}`,
    drift: (metric) => fr`Le champion depuis son entraînement, ${metric}`,
    driftOf: (rows, since) => fr`${counted(rows, 'heure', 'heures')} depuis le ${time(since)}`,
  },
  metrics: {
    ...{ logRmse: 'log RMSE', mae: 'MAE', rmse: 'RMSE', r2: 'R²' },
    ...{
      accuracy: 'exactitude',
      precision: 'précision',
      recall: 'rappel',
      f1: 'F1',
      brier: 'score de Brier',
    },
  },
  kinds: { gbt: 'boosting de gradient', rf: 'forêt aléatoire', nn: 'réseau de neurones' },
  naive: { 'mean of four weeks': 'moyenne de quatre semaines', 'last week': 'semaine précédente' },
  dropped: {
    'unclosed-quote': 'avec un guillemet jamais fermé',
    'line-too-long': 'avec une ligne trop longue',
    'field-count': 'avec trop ou trop peu de champs',
    'no-counter': 'sans compteur',
    'unreadable-time': 'avec une date illisible',
    'time-out-of-range': 'avec une date hors limites',
    'not-a-full-hour': 'hors d’une heure pleine',
    'unreadable-count': 'avec un comptage illisible',
    'negative-count': 'avec un comptage négatif',
    'absurd-count': 'avec un comptage absurde',
    'count-not-reported': 'sans comptage',
    'no-such-hour': 'd’une heure qui n’existe pas',
    'repeated-row': 'en double',
    'replaced-row': 'remplacées par une autre de la même heure',
    'repeated-header': 'qui répètent l’en-tête',
    'total-line': 'de total',
    'blank-line': 'vides',
  },
  table: {
    ...{ candidate: 'candidat', recipe: 'recette', champion: 'la recette du champion', naive: 'naïf' },
    ...{ counter: 'compteur', actualHour: 'compté, heure moyenne', predictedHour: 'prédit, heure moyenne' },
    ...{ hours: 'heures', file: 'fichier', rows: 'lignes', used: 'utilisées', dropped: 'écartées' },
    ...{ none: 'aucune', firstHour: 'première heure', lastHour: 'dernière heure' },
    winner: (kind) => fr`${kind}, le gagnant`,
  },
  charts: {
    counted: 'compté',
    predicted: 'prédit',
    hourOfDay: 'heure de la journée',
    bicycles: 'vélos',
    bicyclesADay: 'vélos par jour',
    workingDays: 'L’heure moyenne des jours de semaine',
    weekends: 'L’heure moyenne des week-ends',
    dayCaption: fr`tous les compteurs, en heure locale ; un jour férié compte pour son jour de la semaine.`,
    daily: 'Vélos par jour',
    dailyCaption: fr`tous les compteurs ensemble ; chaque jour a été prédit par des modèles qui n’avaient rien vu de son mois.`,
    errorByHour: 'L’erreur selon l’heure de la journée',
    errorCaption: fr`une log RMSE de 0,4 est une erreur d’environ 40 % du comptage.`,
    calibration: fr`Les probabilités sont-elles justes ?`,
    observedShare: 'part des heures fortes',
    meanProbability: 'probabilité moyenne',
    calibrationCaption: fr`par dixièmes de la probabilité prédite : là où les lignes se rejoignent, une probabilité dit vrai.`,
    probability: 'probabilité prédite',
    share: 'part',
    counterCaption: 'heure moyenne, tous les jours.',
  },
};
