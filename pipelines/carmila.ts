// Carmila: daily visitor counts of shopping centres, in; forecasts for a dashboard, out.
import {
  datesStartInJanuary,
  forecastNotWorseThan,
  noGapInDates,
  rowCountWithin,
} from '../shared/pipelines/checks.ts';
import { date, float, int, string } from '../shared/pipelines/columns.ts';
import { hours, minutes } from '../shared/pipelines/duration.ts';
import { alsoTable, csv, definePipeline } from '../shared/pipelines/pipeline.ts';
import { fromEnv } from '../shared/pipelines/setting.ts';
import { driveFolder, manyOf, oneOf } from '../shared/pipelines/source.ts';

export const carmila = definePipeline({
  name: 'carmila',
  schedule: '0 * * * *',
  // A day, and two hours for the look and the run: what is changed today is on the dashboard tomorrow at this time.
  freshness: hours(26),
  source: driveFolder({
    folderId: fromEnv('DRIVE_FOLDER_ID'),
    files: {
      flux: manyOf(/^\d{4} flux quotidiens\.xlsx$/i, '2025 flux quotidiens.xlsx'),
      transco: oneOf('Transco.xlsx'),
      openings: oneOf(/OE.*2024|2024.*OE/, 'Recensement OE 2024.xlsx'),
    },
    settleSeconds: fromEnv('SETTLE_SECONDS', '300'),
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
  output: csv({
    file: 'predictions.csv',
    columns: {
      nom_mall: string(),
      cluster: string(),
      date: date(),
      donnees_reelles: float().nullable(),
      donnees_predites: int().atLeast(0),
    },
    key: ['nom_mall', 'date'],
  }),
  table: { dataset: 'carmila_data', table: 'predictions_carmila' },
  checks: [
    rowCountWithin(0.6, 2, { date: 'date' }),
    noGapInDates('date', ['nom_mall']),
    datesStartInJanuary('date'),
    forecastNotWorseThan({ metric: 'wape', by: 0.2 }),
  ],
  also: [
    alsoTable({
      output: csv({
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
      }),
      table: { dataset: 'carmila_data', table: 'predictions_carmila_intervals' },
      checks: [rowCountWithin(0.6, 2, { date: 'date' }), noGapInDates('date', ['nom_mall'])],
    }),
  ],
});
