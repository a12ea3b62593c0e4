// All the report's texts in French.
import type { Messages } from './english.ts';
import { formatOf } from './format.ts';

const format = formatOf('fr-FR', '1er');
const { whole, day } = format;

const NARROW = '\u202f';

/** Before `:`, `;`, `?` and `%`, French sets a narrow space that does not break. */
const fr = (strings: TemplateStringsArray, ...parts: readonly (string | number)[]): string =>
  String.raw({ raw: strings }, ...parts).replace(/ (?=[:;?!%»])/g, NARROW);

export const french: Messages = {
  tag: 'fr',
  format,
  page: {
    title: (city, start, end) => fr`La chaleur à ${city}, du ${day(start)} au ${day(end)}`,
    intro: ({ start, end, hours, columns, rows, resolution, crs }) =>
      fr`Température de l’air à 2 m du sol, du ${day(start)} au ${day(end)} : ${whole(hours)} heures de ${whole(columns)} × ${whole(rows)} mailles de ${whole(resolution)} m (${crs}). Toutes les heures sont en temps universel (UTC).`,
    indicators: 'La chaleur en chiffres',
    period: 'La période en cartes',
    course: 'Heures et jours',
    above: 'Où il a fait chaud',
    ground: 'Le sol',
    quality: 'Que valent ces températures',
    stations: 'Face aux stations météo',
    methods: 'Les méthodes comparées',
    files: 'Fichiers',
    filesIntro: 'Ils sont à côté de cette page.',
    data: 'Définitions et limites',
    made: (frozenAt) => fr`Établi à partir des données du ${day(frozenAt)}.`,
    notes: 'Remarques sur les données',
    notesAbove: fr`En anglais, telles que le programme les écrit :`,
    noNotes: 'Rien d’étrange n’a été trouvé dans les données.',
    otherLanguage: 'In English',
    because: fr`inconnu (en anglais) : `,
  },
  tiles: {
    mean: 'Température moyenne',
    meanBeside: (most) => `au plus ${most}`,
    days: 'Jours chauds',
    daysBeside: (threshold, run) => fr`au-dessus de ${threshold} ; ${run} de suite`,
    extent: 'Surface chaude',
    extentBeside: 'le jour où elle est la plus grande',
    island: 'Bâti moins végétation',
    islandBeside: (night) => `${night} la nuit`,
    error: 'Erreur d’une maille et d’une heure',
    errorBeside: (baseline, rmse) => fr`RMSE ; ${baseline} ${rmse}`,
  },
  maps: {
    mean: 'Température moyenne de la période',
    meanCaption: fr`moyenne de toutes les heures de chaque maille ; le nord est en haut.`,
    frames: 'Heure par heure',
    framesCaption: (count, shrink) =>
      fr`${whole(count)} heures de la période, toutes dans les mêmes couleurs${shrink > 1 ? ` ; un point est la moyenne de ${shrink} × ${shrink} mailles` : ''}.`,
    frame: (time, mean) => fr`${time} ; moyenne ${mean}`,
    choose: 'Heure que la carte montre',
    play: 'Lire',
    stop: 'Arrêter',
    days: 'Jours chauds dans chaque maille',
    daysCaption: (threshold) => `jours où la maille a dépassé ${threshold} à une heure au moins.`,
    intensity: 'De combien le seuil est dépassé',
    intensityCaption: (threshold) =>
      fr`moyenne des heures de la maille au-dessus de ${threshold}, comptée depuis ce seuil ; 0 s’il n’y en a pas.`,
    error: 'Erreur dans chaque maille',
    errorCaption: 'RMSE de la prédiction sur des heures qu’aucune méthode n’avait vues.',
    ndvi: 'Indice de végétation (NDVI)',
    ndviCaption: fr`d’après Sentinel-2 : près de 1, plantes denses ; près de 0, sol nu ou bâti ; sous 0, eau.`,
    ndbi: 'Indice de bâti (NDBI)',
    ndbiCaption: fr`d’après Sentinel-2 : au-dessus de 0, sol surtout bâti ou nu.`,
    noValue: 'pas de valeur',
  },
  charts: {
    hourly: 'La ville heure par heure',
    hourlyCaption:
      'moyenne de toutes les mailles, pondérée par leur surface, entre la maille la plus froide et la plus chaude.',
    mean: 'moyenne de la ville',
    coldest: 'maille la plus froide',
    warmest: 'maille la plus chaude',
    meanDay: 'Le jour moyen',
    meanDayCaption: fr`moyenne de chaque heure de la journée sur la période ; heures UTC.`,
    histogram: 'Fréquence de chaque température',
    histogramCaption: fr`part de toutes les mailles et heures ; les barres rouges sont au-dessus du seuil.`,
    errorByHour: 'L’erreur selon l’heure de la journée',
    errorByHourCaption: fr`RMSE sur des heures qu’aucune méthode n’avait vues ; heures UTC.`,
    hourOfDay: 'heure de la journée (UTC)',
    temperature: '°C',
    share: 'part',
    prediction: 'prédiction',
    baseline: 'référence',
    colours: fr`Bleu : prédiction ; gris : référence.`,
  },
  table: {
    ...{ indicator: 'indicateur', value: 'valeur', definition: 'comment il est calculé', score: 'mesure' },
    ...{ prediction: 'prédiction', baseline: 'référence', station: 'station', pairs: 'paires', raw: 'RMSE' },
    ...{ corrected: 'RMSE, corrigée par les autres', bias: 'biais', method: 'méthode' },
    ...{ allStations: 'toutes les stations', improvement: 'erreur en moins que la référence' },
    ...{ input: 'RMSE des données d’entrée', weight: 'part du mélange' },
  },
  indicators: {
    mean_temperature_c: {
      name: 'Température moyenne',
      means: 'de toutes les mailles et heures, pondérée par la surface',
    },
    max_temperature_c: { name: 'Température la plus haute', means: 'de toutes les mailles et heures' },
    percentile_95: { name: '95e centile', means: fr`95 % des mailles et heures sont au-dessous` },
    percentile_99: { name: '99e centile', means: fr`99 % des mailles et heures sont au-dessous` },
    intensity: {
      name: 'Intensité',
      means: 'moyenne de T − seuil sur les mailles et heures au-dessus du seuil, pondérée par la surface',
    },
    days_above_threshold: {
      name: 'Jours chauds',
      means: 'jours où une maille au moins dépasse le seuil à une heure',
    },
    duration: { name: 'Durée', means: 'la plus longue suite de jours chauds' },
    extent_km2: {
      name: 'Étendue',
      means: fr`plus grande surface, parmi les jours, des mailles au-dessus du seuil ; surface vraie sur l’ellipsoïde`,
    },
    urban_heat_island_intensity_c: {
      name: 'Îlot de chaleur urbain',
      means: 'moyenne des mailles bâties moins celle des mailles végétalisées, sur toutes les heures',
    },
    urban_heat_island_day_c: { name: 'Îlot de chaleur le jour', means: 'de même, de 10 à 16 h solaires' },
    urban_heat_island_night_c: { name: 'Îlot de chaleur la nuit', means: 'de même, de 22 à 4 h solaires' },
    affected_population_estimate: {
      name: 'Personnes touchées',
      means: 'habitants des mailles au-dessus du seuil',
    },
  },
  scores: {
    rmse: { name: 'RMSE', means: 'racine de l’erreur quadratique moyenne' },
    mae: { name: 'MAE', means: 'erreur absolue moyenne' },
    bias: { name: 'Biais', means: 'moyenne de prédiction − vérité' },
    r2: { name: 'R²', means: fr`1 est parfait ; sous 0, la moyenne de la vérité ferait mieux` },
    correlation: { name: 'Corrélation', means: 'de Pearson' },
  },
  days: (count) => (count === null ? '–' : `${whole(count)} ${count < 2 ? 'jour' : 'jours'}`),
  files: {
    tif: 'carte, GeoTIFF optimisé pour le nuage (COG)',
    png: 'carte, image',
    zarr: 'toutes les heures, entrepôt Zarr version 2',
    json: 'les nombres de ce rapport',
    pdf: 'ce rapport en PDF (en anglais)',
  },
  definitions: [
    'Le seuil de chaleur est celui de la configuration de la ville. Une heure chaude d’une maille est une heure au-dessus.',
    fr`Les mailles bâties le sont au moins à moitié ; les mailles végétalisées au plus à un dixième, avec au moins une moitié de verdure ou un indice de végétation de 0,5. Les mailles dont un dixième est de l’eau ne comptent pas.`,
    'Les erreurs sont mesurées sur des jours dont aucune méthode n’a appris, avec un intervalle entre les deux.',
    fr`Un nombre qui ne peut pas être calculé n’est pas montré ; sa raison le remplace. Rien n’est estimé à sa place.`,
  ],
  sheetOf: (page, pages) => `${page} sur ${pages}`,
};
