// All the report's texts in English. French has the same keys: see french.ts.
import type { DataNote } from '../../series/notes.ts';
import type { QualityNote } from '../../series/quality-notes.ts';
import { formatOf } from '../../../../shared/page/format.ts';
import { FORECAST_CHARTS } from '../../../../shared/report/forecast/words.ts';

const { whole, percent, signedPercent, day, shortDay, ...rest } = formatOf('en');
const sites = (count: number): string => (count === 1 ? '1 site' : `${whole(count)} sites`);

export const english = {
  format: { whole, percent, signedPercent, day, shortDay, ...rest },

  page: {
    title: (pipeline: string, lastActual: string) =>
      `Visitors forecast for ${pipeline}, actuals to ${day(lastActual)}`,
    heading: (pipeline: string) => `Visitors forecast for ${pipeline}`,
    intro: (count: number, lastActual: string, lastDay: string, engine: string) =>
      `${sites(count)}, actuals to ${day(lastActual)}, forecast to ${day(lastDay)}, made by ${engine}. ` +
      'Every error here is out of sample: each week was forecast from the Sunday before it, and the naive ' +
      'forecasts beside it know the same openings.',
    allSites: 'All sites together',
    errors: 'Where the error is',
    clusters: 'Clusters',
    siteTable: 'Sites in numbers',
    sitesFolded: (shown: number, all: number) =>
      shown === all ? `All ${sites(all)}, the worst first` : `The ${whole(shown)} worst of ${sites(all)}`,
    howMeasured: 'How this is measured',
    method:
      'WAPE is the sum of absolute errors over the sum of visitors; MAE and RMSE are in visitors a day of a site; ' +
      'bias above 0 means too high. “Last week’s” is the last known open day of the same weekday, “mean of four’s” ' +
      'the mean of the last four. The band runs from 10% to 90% of what may come; it is learnt from the errors of ' +
      'earlier forecasts, as far as they were known on the day of each forecast.',
    more: (count: number) => `And ${whole(count)} more; metrics.json lists them all.`,
  },

  headline: {
    oneWeek: 'Error one week ahead (WAPE)',
    oneWeekBeside: (lastWeek: number | null, meanOfFour: number | null) =>
      `naive: ${percent(lastWeek)} same weekday of last week, ${percent(meanOfFour)} mean of the last four`,
    sixWeeks: 'Error one to six weeks ahead',
    sixWeeksBeside: (meanOfFour: number | null) => `naive: ${percent(meanOfFour)} mean of the last four`,
    bias: 'Bias',
    biasBeside: (mae: number | null, rmse: number | null) =>
      `${whole(mae)} visitors mean error a day of a site (RMSE ${whole(rmse)})`,
    band: 'Within the band of 10% to 90%',
    bandBeside: (below: number | null, above: number | null) =>
      `${percent(below)} below, ${percent(above)} above; the band aims at 80%`,
    coming: (days: number) => (days === 28 ? 'Visitors, next four weeks' : `Visitors, next ${days} days`),
    change: (share: number) => `${signedPercent(share)} on the same days of last year, where known`,
    noYearBefore: 'no year before to compare with',
  },

  chart: {
    ...FORECAST_CHARTS.en,
    shareOfDays: 'share of site-days, %',
    weekday: 'weekday',
    weeksAhead: 'weeks ahead',
    below: 'below',
    within: 'within',
    above: 'above',
    recentOfAll: 'The last eight weeks of all sites, day by day',
    recentOfAllCaption: (within: number | null) =>
      'Up to the last actual, each week as it was forecast the Sunday before; then the forecast to come. The band ' +
      `of the total held ${percent(within)} of the days of the year. Days on which nearly all sites are closed are left out.`,
    year: 'The year of all sites',
    yearCaption:
      'Lines: the mean of seven days, counted back from the last actual, without the days on which nearly all sites ' +
      'are closed. Dots: single days.',
    byWeek: 'Error by week',
    byWeekCaption: 'Each week forecast from the Sunday before it, by the Monday that it begins with.',
    byWeekday: 'Error by weekday',
    byWeekdayCaption: 'One week ahead. A weekday on which no site opens has no error.',
    byHorizon: 'Error by how far ahead',
    byHorizonCaption:
      'Every Sunday of the year forecast all weeks that followed; the further ahead, the fewer are known.',
    coverage: 'How often the band held',
    coverageCaption:
      'Share of open site-days below, within and above the band, which aims at 10, 80 and 10%.',
  },

  sites: {
    name: (mall: string, code: string) => `${mall} (${code})`,
    legend: 'Visitors a day, the last eight weeks and the next four:',
    dashed: 'last actual',
    caption: (wape: number | null, bias: number | null, meanOfFour: number | null) =>
      `WAPE ${percent(wape)}, bias ${signedPercent(bias)}; mean of the last four: ${percent(meanOfFour)}`,
    worst: 'The sites forecast worst',
    best: 'The sites forecast best',
    others: 'The other sites, by cluster',
    cluster: (cluster: string, count: number) => `${cluster}: ${sites(count)}, the largest first`,
    left: (count: number) =>
      `${sites(count)} without a chart: the charts show the sites that are off now, those forecast worst and best, ` +
      'and the largest. The tables hold the days of all.',
  },

  offNow: {
    heading: 'Sites that are off now',
    none: 'None: every site’s last days lie within its band, and it opened as forecast.',
    intro:
      'Their last days are not what was expected: a sensor to check, a closure or an opening that the census does ' +
      'not name, or a real change. The farthest off first.',
    below: 'fewer than the band',
    above: 'more than the band',
    closed: 'closed, forecast as open',
    open: 'open, forecast as closed',
    since: (what: string, isoDate: string) => `${what}, since ${day(isoDate)}`,
    charts: (count: number) => `Charts of ${count === 1 ? 'one more' : `${whole(count)} more`}`,
    range: (lower: number, upper: number) => `${whole(lower)} to ${whole(upper)}`,
  },

  column: {
    site: 'site',
    code: 'code',
    cluster: 'cluster',
    sites: 'sites',
    what: 'what',
    since: 'since',
    openDays: 'open days',
    lastDay: 'last day',
    visitors: 'visitors',
    expected: 'expected',
    band: 'band',
    weeksAhead: 'weeks ahead',
    lastWeek: 'last week’s',
    meanOfFour: 'mean of four’s',
    bias: 'bias',
    withinBand: 'within band',
    below: 'below',
    above: 'above',
    bandWidth: 'band’s width',
    siteDays: 'site-days',
  },

  notes: {
    heading: 'What to know of the data',
    excluded: 'Sites left out',
    noneExcluded: 'None: every site of Transco is in the forecast.',
    noValue: (mall: string, code: string) => `${mall} (${code}): no value in any flux file`,
    qualityNotes: 'Sites to check',
    noQualityNote: 'None: every site has a history to learn from.',
    qualityNote: (qualityNote: QualityNote) =>
      `${qualityNote.mall} (${qualityNote.code}): ${qualityNoteText(qualityNote)}`,
    files: 'Notes on the files',
    noNote: 'None.',
    file: (note: DataNote): string => {
      switch (note.kind) {
        case 'folder':
          return note.text;
        case 'sheet-not-read':
          return `${note.file}: sheet “${note.sheet}” was not read`;
        case 'nothing-reported':
          return `no site reported anything from ${day(note.from)} to ${day(note.to)}`;
        case 'more-gaps':
          return `and ${whole(note.count)} more such stretches`;
      }
    },
  },
};

function qualityNoteText(qualityNote: QualityNote): string {
  switch (qualityNote.kind) {
    case 'nothing-accepted':
      return 'no usable day: 0 is forecast';
    case 'never-visited':
      return `never a visitor since ${day(qualityNote.since)}: 0 is forecast`;
    case 'new':
      return `new: ${qualityNote.days === 1 ? '1 day' : `${whole(qualityNote.days)} days`} of history, from ${day(qualityNote.since)}`;
    case 'silent':
      return `silent since ${day(qualityNote.since)}: forecast from its last known weeks`;
    case 'closed':
      return `no visitor since ${day(qualityNote.since)}: taken as closed until the census or its visitors say otherwise`;
    case 'outlier':
      return (
        `${whole(qualityNote.visits)} visitors on ${day(qualityNote.date)}, where ${whole(qualityNote.usual)} were usual: ` +
        'an outlier, not learnt from and not measured'
      );
  }
}

/** What every language has a text for. */
export type Messages = typeof english;
