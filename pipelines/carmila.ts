// Carmila: daily visitor counts of shopping centres, in; forecasts for a dashboard, out.
import { INDEX_FILE } from '../models/forecast/files.ts';
import {
  datesStartInJanuary,
  forecastNotWorseThan,
  noGapInDates,
  rowCountWithin,
} from '../shared/pipelines/checks.ts';
import { date, float, int, string } from '../shared/pipelines/columns.ts';
import { hours, minutes } from '../shared/pipelines/duration.ts';
import { table } from '../shared/pipelines/outputs.ts';
import { definePipeline } from '../shared/pipelines/pipeline.ts';
import { fromEnv } from '../shared/pipelines/setting.ts';
import { driveFolder, manyOf, oneOf } from '../shared/pipelines/source.ts';
import { watch } from '../shared/pipelines/trigger.ts';

export const carmila = definePipeline({
  name: 'carmila',
  timeZone: 'Europe/Paris',
  trigger: watch({
    schedule: '0 * * * *',
    // A day, and two hours for the poll and the run: what is changed today is on the dashboard tomorrow at this time.
    freshness: hours(26),
    source: driveFolder({
      folderId: fromEnv('DRIVE_FOLDER_ID'),
      files: {
        flux: manyOf(/^\d{4} flux quotidiens\.xlsx$/i, '2025 flux quotidiens.xlsx'),
        transco: oneOf('Transco.xlsx'),
        openings: oneOf(/(?:OE.*2024|2024.*OE).*\.[xX][lL][sS][xX]$/, 'Recensement OE 2024.xlsx'),
      },
      settleSeconds: fromEnv('SETTLE_SECONDS', '300'),
    }),
  }),
  job: {
    image: 'forecast',
    cpu: 2,
    memory: '4Gi',
    timeout: minutes(60),
    attempts: 2,
    env: { COUNTRY: 'FR' },
    settings: [fromEnv('ENGINE_FALLBACK', 'none'), fromEnv('XGBOOST_LIBRARY', '')],
  },
  outputs: [
    table({
      file: 'predictions.csv',
      columns: {
        nom_mall: string(),
        cluster: string(),
        date: date(),
        donnees_reelles: float().nullable(),
        donnees_predites: int().atLeast(0),
      },
      key: ['nom_mall', 'date'],
      checks: [
        rowCountWithin(0.6, 2, { date: 'date' }),
        noGapInDates('date', ['nom_mall']),
        datesStartInJanuary('date'),
        forecastNotWorseThan({ days: 'errorsByDay', by: 0.2, leastDays: 14 }),
      ],
      table: { dataset: 'carmila_data', table: 'predictions_carmila' },
    }),
    table({
      file: 'predictions_intervals.csv',
      columns: {
        nom_mall: string(),
        cluster: string(),
        date: date(),
        donnees_predites: int().atLeast(0),
        borne_basse: int().atLeast(0),
        borne_haute: int().atLeast(0),
      },
      key: ['nom_mall', 'date'],
      checks: [rowCountWithin(0.6, 2, { date: 'date' }), noGapInDates('date', ['nom_mall'])],
      table: { dataset: 'carmila_data', table: 'predictions_carmila_intervals' },
    }),
  ],
  forecast: {
    index: INDEX_FILE,
    days: {
      file: 'predictions.csv',
      site: 'nom_mall',
      cluster: 'cluster',
      date: 'date',
      actual: 'donnees_reelles',
      predicted: 'donnees_predites',
    },
    band: { file: 'predictions_intervals.csv', lower: 'borne_basse', upper: 'borne_haute' },
  },
});
