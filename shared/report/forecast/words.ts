// What the charts of a forecast say: in its report, and on the page that shows the same charts.
import { formatOf, type Format } from '../../page/format.ts';
import { fr } from '../../page/french.ts';
import type { Translated } from '../../page/languages.ts';

export interface ChartWords {
  readonly actual: string;
  readonly predicted: string;
  readonly lastYear: string;
  readonly band: string;
  readonly actualMean: string;
  readonly predictedMean: string;
  readonly lastYearMean: string;
  readonly actualDay: string;
  readonly lastActual: (isoDate: string) => string;
  readonly visitors: string;
  readonly thousandVisitors: string;
  readonly wape: string;
  readonly weekFrom: string;
  readonly model: string;
  readonly lastWeek: string;
  readonly meanOfFour: string;
}

/** What a chart is drawn with, in the reader's language. */
export interface ChartLanguage {
  readonly chart: ChartWords;
  readonly format: Format;
}

const [english, french] = [formatOf('en'), formatOf('fr')];

export const FORECAST_CHARTS: Translated<ChartWords> = {
  en: {
    actual: 'actual',
    predicted: 'predicted',
    lastYear: 'same weekday of last year',
    band: '10% to 90%',
    actualMean: 'actual, mean of seven days',
    predictedMean: 'predicted, mean of seven days',
    lastYearMean: 'last year, mean of seven days',
    actualDay: 'actual of a day',
    lastActual: (isoDate) => `last actual ${english.shortDay(isoDate)}`,
    visitors: 'visitors a day',
    thousandVisitors: 'thousand visitors a day',
    wape: 'WAPE, %',
    weekFrom: 'week from',
    model: 'forecast',
    lastWeek: 'same weekday of last week',
    meanOfFour: 'mean of the last four',
  },
  fr: {
    actual: 'réel',
    predicted: 'prévu',
    lastYear: 'même jour, l’an passé',
    band: fr`de 10 % à 90 %`,
    actualMean: 'réel, moyenne de sept jours',
    predictedMean: 'prévu, moyenne de sept jours',
    lastYearMean: 'an passé, moyenne de sept jours',
    actualDay: 'réel du jour',
    lastActual: (isoDate) => fr`dernier réel : ${french.shortDay(isoDate)}`,
    visitors: 'visiteurs par jour',
    thousandVisitors: 'milliers de visiteurs par jour',
    wape: fr`WAPE, %`,
    weekFrom: 'semaine du',
    model: 'prévision',
    lastWeek: 'même jour, semaine passée',
    meanOfFour: 'moyenne des quatre derniers',
  },
};

export const chartLanguage = (language: 'en' | 'fr'): ChartLanguage => ({
  chart: FORECAST_CHARTS[language],
  format: language === 'en' ? english : french,
});
