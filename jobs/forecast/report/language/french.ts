// All the report's texts in French, with the spaces that French sets before its signs.
import type { DataNote } from '../../series/notes.ts';
import type { QualityNote } from '../../series/quality-notes.ts';
import { countedBy, fr } from '../../../../shared/page/french.ts';
import type { Messages } from './english.ts';
import { formatOf } from '../../../../shared/page/format.ts';
import { FORECAST_CHARTS } from '../../../../shared/report/forecast/words.ts';

const format = formatOf('fr');
const { whole, percent, signedPercent, day } = format;

const counted = countedBy(whole);
const sites = (count: number): string => counted(count, 'site', 'sites');

export const french: Messages = {
  format,

  page: {
    title: (pipeline, lastActual) =>
      fr`Prévision de fréquentation ${pipeline}, données réelles jusqu’au ${day(lastActual)}`,
    heading: (pipeline) => fr`Prévision de fréquentation ${pipeline}`,
    intro: (count, lastActual, lastDay, engine) =>
      fr`${sites(count)} ; données réelles jusqu’au ${day(lastActual)}, prévisions jusqu’au ${day(lastDay)}, moteur : ${engine}. Toutes les erreurs sont mesurées hors échantillon : chaque semaine a été prévue le dimanche qui la précède, et les prévisions naïves données en comparaison connaissent les mêmes ouvertures.`,
    allSites: 'Tous les sites ensemble',
    errors: 'Où se trouve l’erreur',
    clusters: 'Clusters',
    siteTable: 'Les sites en chiffres',
    sitesFolded: (shown, all) =>
      shown === all
        ? fr`Tous les sites (${whole(all)}), les moins bien prévus d’abord`
        : fr`Les ${whole(shown)} sites les moins bien prévus sur ${whole(all)}`,
    howMeasured: 'Comment l’erreur est mesurée',
    method: fr`Le WAPE est la somme des erreurs absolues rapportée à la somme des visiteurs ; MAE et RMSE sont en visiteurs par jour et par site ; un biais positif signifie une prévision trop haute. « Semaine passée » reprend le dernier jour ouvert connu du même jour de semaine, « moyenne de quatre » la moyenne des quatre derniers. La fourchette va de 10 % à 90 % des valeurs possibles ; elle est apprise sur les erreurs des prévisions antérieures, telles qu’elles étaient connues le jour de chaque prévision.`,
    more: (count) => fr`Et ${counted(count, 'autre', 'autres')} ; metrics.json donne la liste complète.`,
  },

  headline: {
    oneWeek: 'Erreur à une semaine (WAPE)',
    oneWeekBeside: (lastWeek, meanOfFour) =>
      fr`naïf : ${percent(lastWeek)} même jour de la semaine passée, ${percent(meanOfFour)} moyenne des quatre derniers`,
    sixWeeks: 'Erreur de une à six semaines',
    sixWeeksBeside: (meanOfFour) => fr`naïf : ${percent(meanOfFour)} moyenne des quatre derniers`,
    bias: 'Biais',
    biasBeside: (mae, rmse) =>
      fr`erreur moyenne de ${whole(mae)} visiteurs par jour et par site (RMSE ${whole(rmse)})`,
    band: fr`Dans la fourchette de 10 % à 90 %`,
    bandBeside: (below, above) =>
      fr`${percent(below)} au-dessous, ${percent(above)} au-dessus ; la bande en vise 80 %`,
    coming: (days) =>
      days === 28 ? 'Visiteurs, quatre prochaines semaines' : fr`Visiteurs, prochains jours (${whole(days)})`,
    change: (share) =>
      fr`${signedPercent(share)} par rapport aux mêmes jours de l’an passé, là où ils sont connus`,
    noYearBefore: 'aucune année antérieure pour comparer',
  },

  chart: {
    ...FORECAST_CHARTS.fr,
    shareOfDays: fr`part des jours-sites, %`,
    weekday: 'jour de la semaine',
    weeksAhead: 'semaines à l’avance',
    below: 'au-dessous',
    within: 'dedans',
    above: 'au-dessus',
    recentOfAll: 'Les huit dernières semaines de tous les sites, jour par jour',
    recentOfAllCaption: (within) =>
      fr`Jusqu’au dernier réel, chaque semaine telle qu’elle a été prévue le dimanche précédent ; ensuite, la prévision à venir. La fourchette du total a tenu ${percent(within)} des jours de l’année. Les jours où presque tous les sites sont fermés sont omis.`,
    year: 'L’année de tous les sites',
    yearCaption: fr`Courbes : la moyenne de sept jours, comptés à rebours depuis le dernier réel, sans les jours où presque tous les sites sont fermés. Points : les jours un par un.`,
    byWeek: 'Erreur par semaine',
    byWeekCaption: 'Chaque semaine prévue le dimanche précédent, désignée par son lundi.',
    byWeekday: 'Erreur par jour de la semaine',
    byWeekdayCaption: 'À une semaine. Un jour de la semaine où aucun site n’ouvre n’a pas d’erreur.',
    byHorizon: 'Erreur selon l’horizon',
    byHorizonCaption: fr`Chaque dimanche de l’année, toutes les semaines suivantes ont été prévues ; plus l’horizon est lointain, moins il y en a de connues.`,
    coverage: 'Tenue de la fourchette',
    coverageCaption: fr`Part des jours-sites ouverts au-dessous, dans et au-dessus de la fourchette, qui vise 10, 80 et 10 %.`,
  },

  sites: {
    name: (mall, code) => fr`${mall} (${code})`,
    legend: fr`Visiteurs par jour, huit dernières semaines et quatre prochaines :`,
    dashed: 'dernier réel',
    caption: (wape, bias, meanOfFour) =>
      fr`WAPE ${percent(wape)}, biais ${signedPercent(bias)} ; moyenne des quatre derniers : ${percent(meanOfFour)}`,
    worst: 'Les sites les moins bien prévus',
    best: 'Les sites les mieux prévus',
    others: 'Les autres sites, par cluster',
    cluster: (cluster, count) => fr`${cluster} : ${sites(count)}, les plus grands d’abord`,
    left: (count) =>
      fr`${sites(count)} sans graphique : les graphiques montrent les sites anormaux, les moins bien et les mieux prévus, et les plus grands. Les tables contiennent les jours de tous les sites.`,
  },

  offNow: {
    heading: 'Sites anormaux en ce moment',
    none: fr`Aucun : les derniers jours de chaque site sont dans sa fourchette, et il a ouvert comme prévu.`,
    intro: fr`Leurs derniers jours ne sont pas ceux attendus : un capteur à vérifier, une fermeture ou une ouverture que le recensement ne donne pas, ou un vrai changement. Les plus éloignés d’abord.`,
    below: 'moins que la fourchette',
    above: 'plus que la fourchette',
    closed: 'fermé, prévu ouvert',
    open: 'ouvert, prévu fermé',
    since: (what, isoDate) => fr`${what}, depuis le ${day(isoDate)}`,
    charts: (count) => fr`Graphiques de ${counted(count, 'autre site', 'autres sites')}`,
    range: (lower, upper) => fr`${whole(lower)} à ${whole(upper)}`,
  },

  column: {
    site: 'site',
    code: 'code',
    cluster: 'cluster',
    sites: 'sites',
    what: 'constat',
    since: 'depuis',
    openDays: 'jours ouverts',
    lastDay: 'dernier jour',
    visitors: 'visiteurs',
    expected: 'attendus',
    band: 'fourchette',
    weeksAhead: 'semaines à l’avance',
    lastWeek: 'semaine passée',
    meanOfFour: 'moyenne de quatre',
    bias: 'biais',
    withinBand: 'dans la fourchette',
    below: 'au-dessous',
    above: 'au-dessus',
    bandWidth: 'largeur',
    siteDays: 'jours-sites',
  },

  notes: {
    heading: 'À savoir sur les données',
    excluded: 'Sites écartés',
    noneExcluded: fr`Aucun : tous les sites de Transco sont prévus.`,
    noValue: (mall, code) => fr`${mall} (${code}) : aucune valeur dans les fichiers de flux`,
    qualityNotes: 'Sites à vérifier',
    noQualityNote: fr`Aucun : chaque site a un historique dont apprendre.`,
    qualityNote: (qualityNote) =>
      fr`${qualityNote.mall} (${qualityNote.code}) : ${qualityNoteText(qualityNote)}`,
    files: 'Remarques sur les fichiers',
    noNote: 'Aucune.',
    file: (note: DataNote) => {
      switch (note.kind) {
        case 'folder':
          return note.text;
        case 'sheet-not-read':
          return fr`${note.file} : la feuille « ${note.sheet} » n’a pas été lue`;
        case 'nothing-reported':
          return fr`aucun site n’a transmis de données du ${day(note.from)} au ${day(note.to)}`;
        case 'more-gaps':
          return fr`et ${counted(note.count, 'autre période semblable', 'autres périodes semblables')}`;
      }
    },
  },
};

function qualityNoteText(qualityNote: QualityNote): string {
  switch (qualityNote.kind) {
    case 'nothing-accepted':
      return fr`aucun jour plausible : la prévision est 0`;
    case 'never-visited':
      return fr`aucun visiteur depuis le ${day(qualityNote.since)} : la prévision est 0`;
    case 'new':
      return fr`nouveau : ${counted(qualityNote.days, 'jour', 'jours')} d’historique, depuis le ${day(qualityNote.since)}`;
    case 'silent':
      return fr`sans données depuis le ${day(qualityNote.since)} : prévu d’après ses dernières semaines connues`;
    case 'closed':
      return fr`aucun visiteur depuis le ${day(qualityNote.since)} : considéré comme fermé jusqu’à ce que le recensement ou ses visiteurs disent le contraire`;
    case 'outlier':
      return fr`${counted(qualityNote.visits, 'visiteur', 'visiteurs')} le ${day(qualityNote.date)}, contre ${whole(qualityNote.usual)} d’habitude : valeur aberrante, ni apprise ni mesurée`;
  }
}
