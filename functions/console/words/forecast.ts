// What the forecast's screen says.
import { formatOf } from '../../../shared/page/format.ts';
import { fr } from '../../../shared/page/french.ts';
import type { Translated } from '../../../shared/page/languages.ts';
import type { OffNow } from '../../../models/forecast/published.ts';

export interface ForecastWords {
  readonly about: (sites: number, lastActual: string, lastDay: string, engine: string) => string;
  readonly fromTables: string;
  readonly expired: string;
  readonly tooLarge: string;
  readonly show: string;
  readonly search: string;
  readonly find: string;
  readonly order: string;
  readonly byError: string;
  readonly byName: string;
  readonly found: (from: number, to: number, all: number) => string;
  readonly allSites: string;
  readonly site: string;
  readonly code: string;
  readonly cluster: string;
  readonly clusters: string;
  readonly sites: string;
  readonly error: string;
  readonly naive: string;
  readonly naiveLastWeek: string;
  readonly sixWeeks: string;
  readonly bias: string;
  readonly within: string;
  readonly offTitle: (count: number) => string;
  readonly off: (what: string) => string;
  readonly offIntro: string;
  readonly offNone: string;
  readonly what: string;
  readonly deviations: Readonly<Record<OffNow['deviation'], string>>;
  readonly since: string;
  readonly openDays: string;
  readonly lastDay: string;
  readonly visitors: string;
  readonly expected: string;
  readonly band: string;
  readonly lastYear: string;
  readonly range: (lower: string, upper: string) => string;
  readonly noBandOfAll: string;
  readonly noDays: string;
  readonly charts: Readonly<
    Record<'recent' | 'year' | 'weeks', { readonly title: string; readonly caption: string }>
  >;
  readonly numbers: string;
  readonly day: string;
  readonly middle: string;
  readonly picture: string;
  readonly csv: string;
  readonly altDays: (name: string, from: string, to: string) => string;
  readonly altLast: (day: string, actual: string, predicted: string, band: string | null) => string;
  readonly altComing: (day: string, predicted: string) => string;
  readonly altWeeks: (name: string, weeks: number, best: string, worst: string, last: string) => string;
  readonly measured: string;
}

const [english, french] = [formatOf('en'), formatOf('fr')];

export const FORECAST_WORDS: Translated<ForecastWords> = {
  en: {
    about: (sites, lastActual, lastDay, engine) =>
      `${english.whole(sites)} ${sites === 1 ? 'site' : 'sites'}, actuals to ${english.day(lastActual)}, forecast to ${english.day(lastDay)}${engine === '' ? '' : `, made by ${engine}`}.`,
    fromTables:
      'This publication is older than the files from which this page is made. What its tables hold is shown: sites have no code, no last year and no error of naive forecasts, and sites together have no band.',
    expired: 'The stored output of this publication is not kept any more, so its forecast cannot be shown:',
    tooLarge:
      'This publication is older than the files from which this page is made, and its tables are too large for a page:',
    show: 'Show',
    search: 'Site, code or cluster',
    find: 'Find',
    order: 'Order',
    byError: 'largest error first',
    byName: 'by name',
    found: (from, to, all) =>
      all === 0
        ? 'No site has these letters.'
        : `Sites ${english.whole(from)} to ${english.whole(to)} of ${english.whole(all)}`,
    allSites: 'All sites together',
    site: 'Site',
    code: 'Code',
    cluster: 'Cluster',
    clusters: 'Clusters',
    sites: 'Sites',
    error: 'Error one week ahead (WAPE)',
    naive: 'Mean of the last four (naive)',
    naiveLastWeek: 'Same weekday of last week (naive)',
    sixWeeks: 'Error one to six weeks ahead',
    bias: 'Bias',
    within: 'Days within the band',
    offTitle: (count) => `Sites that are off now: ${english.whole(count)}`,
    off: (what) => `Off now: ${what}`,
    offIntro:
      'Their last days are not what was expected: a sensor to check, a closure or an opening that the census does not name, or a real change. The farthest off first.',
    offNone: 'None: every site’s last days lie within its band, and it opened as forecast.',
    what: 'What',
    deviations: {
      below: 'fewer than the band',
      above: 'more than the band',
      closed: 'closed, forecast as open',
      open: 'open, forecast as closed',
    },
    since: 'Since',
    openDays: 'Open days',
    lastDay: 'Last day',
    visitors: 'Visitors',
    expected: 'Expected',
    band: 'Band',
    lastYear: 'Same weekday of last year',
    range: (lower, upper) => `${lower} to ${upper}`,
    noBandOfAll: 'The band of the sum is not known for this publication.',
    noDays: 'Only the largest clusters have days of their own; this one has none.',
    charts: {
      recent: {
        title: 'Day by day',
        caption:
          'The last eight weeks, each as it was forecast the Sunday before, and the next four. The band runs from 10% to 90% of what may come. Days on which nearly all is closed are left out.',
      },
      year: {
        title: 'The year',
        caption:
          'Lines: the mean of seven days, counted back from the last actual, without closed days. Dots: single days.',
      },
      weeks: {
        title: 'Error by week',
        caption: 'Each week forecast from the Sunday before it, by the Monday that it begins with.',
      },
    },
    numbers: 'The same in numbers',
    day: 'Day',
    middle: 'Seven days around',
    picture: 'Save the picture (SVG)',
    csv: 'All days as CSV',
    altDays: (name, from, to) => `Visitors a day of ${name} from ${from} to ${to}.`,
    altLast: (day, actual, predicted, band) =>
      `On ${day}, the last day with an actual, ${actual} came where ${predicted} were forecast${band === null ? '' : `, with a band of ${band}`}.`,
    altComing: (day, predicted) => `The forecast of ${day} is ${predicted}.`,
    altWeeks: (name, weeks, best, worst, last) =>
      `Error of the forecast of ${name} over ${weeks} weeks: from ${best} to ${worst}, ${last} in the last week.`,
    measured: 'Measured out of sample, one week ahead, over the year so far.',
  },
  fr: {
    about: (sites, lastActual, lastDay, engine) =>
      fr`${french.whole(sites)} ${sites < 2 ? 'site' : 'sites'} ; données réelles jusqu’au ${french.day(lastActual)}, prévisions jusqu’au ${french.day(lastDay)}${engine === '' ? '' : fr`, moteur : ${engine}`}.`,
    fromTables: fr`Cette publication est antérieure aux fichiers dont cette page est faite. Ce que contiennent ses tables est affiché : les sites n’ont ni code, ni an passé, ni erreur des prévisions naïves, et leur somme n’a pas de fourchette.`,
    expired: fr`Le résultat conservé de cette publication n’existe plus, sa prévision ne peut pas être affichée :`,
    tooLarge: fr`Cette publication est antérieure aux fichiers dont cette page est faite, et ses tables sont trop grandes pour une page :`,
    show: 'Afficher',
    search: 'Site, code ou cluster',
    find: 'Chercher',
    order: 'Ordre',
    byError: 'plus grande erreur d’abord',
    byName: 'par nom',
    found: (from, to, all) =>
      all === 0
        ? 'Aucun site ne contient ces lettres.'
        : `Sites ${french.whole(from)} à ${french.whole(to)} sur ${french.whole(all)}`,
    allSites: 'Tous les sites ensemble',
    site: 'Site',
    code: 'Code',
    cluster: 'Cluster',
    clusters: 'Clusters',
    sites: 'Sites',
    error: 'Erreur à une semaine (WAPE)',
    naive: 'Moyenne des quatre derniers (naïf)',
    naiveLastWeek: 'Même jour de la semaine passée (naïf)',
    sixWeeks: 'Erreur de une à six semaines',
    bias: 'Biais',
    within: 'Jours dans la fourchette',
    offTitle: (count) => fr`Sites anormaux en ce moment : ${french.whole(count)}`,
    off: (what) => fr`Anormal en ce moment : ${what}`,
    offIntro: fr`Leurs derniers jours ne sont pas ceux attendus : un capteur à vérifier, une fermeture ou une ouverture que le recensement ne donne pas, ou un vrai changement. Les plus éloignés d’abord.`,
    offNone: fr`Aucun : les derniers jours de chaque site sont dans sa fourchette, et il a ouvert comme prévu.`,
    what: 'Quoi',
    deviations: {
      below: 'moins que la fourchette',
      above: 'plus que la fourchette',
      closed: 'fermé, prévu ouvert',
      open: 'ouvert, prévu fermé',
    },
    since: 'Depuis',
    openDays: 'Jours ouverts',
    lastDay: 'Dernier jour',
    visitors: 'Visiteurs',
    expected: 'Attendu',
    band: 'Fourchette',
    lastYear: 'Même jour, l’an passé',
    range: (lower, upper) => `${lower} à ${upper}`,
    noBandOfAll: 'La fourchette de la somme n’est pas connue pour cette publication.',
    noDays: fr`Seuls les plus grands clusters ont des jours à eux ; celui-ci n’en a pas.`,
    charts: {
      recent: {
        title: 'Jour par jour',
        caption: fr`Les huit dernières semaines, chacune telle qu’elle a été prévue le dimanche précédent, et les quatre prochaines. La fourchette va de 10 % à 90 % des valeurs possibles. Les jours où presque tout est fermé sont omis.`,
      },
      year: {
        title: 'L’année',
        caption: fr`Courbes : la moyenne de sept jours, comptés à rebours depuis le dernier réel, sans les jours fermés. Points : les jours un par un.`,
      },
      weeks: {
        title: 'Erreur par semaine',
        caption: 'Chaque semaine prévue le dimanche précédent, désignée par son lundi.',
      },
    },
    numbers: 'Les mêmes en chiffres',
    day: 'Jour',
    middle: 'Sept jours autour du',
    picture: 'Enregistrer l’image (SVG)',
    csv: 'Tous les jours en CSV',
    altDays: (name, from, to) => `Visiteurs par jour de ${name}, du ${from} au ${to}.`,
    altLast: (day, actual, predicted, band) =>
      `Le ${day}, dernier jour réel, ${actual} sont venus pour ${predicted} prévus${band === null ? '' : `, avec une fourchette de ${band}`}.`,
    altComing: (day, predicted) => `La prévision du ${day} est de ${predicted}.`,
    altWeeks: (name, weeks, best, worst, last) =>
      fr`Erreur de la prévision de ${name} sur ${String(weeks)} semaines : de ${best} à ${worst}, ${last} la dernière semaine.`,
    measured: 'Mesuré hors échantillon, à une semaine, sur l’année en cours.',
  },
};
