// Stations of ECA&D: three generations of the format, flags, gaps, and the shifted lines of the list.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readStationSeries } from '../../../../jobs/heat/formats/stations/read-series.ts';
import { readStations } from '../../../../jobs/heat/formats/stations/read-stations.ts';
import { fileOf, refusal, shared, skipShared } from './files.ts';

const HEADER = [
  'EUROPEAN CLIMATE ASSESSMENT',
  '',
  'This is the blended series of station X, Y (STAID: 240).',
  '',
];

const text = (columns: string, rows: readonly string[], end = '\n') =>
  [...HEADER, columns, ...rows, ''].join(end);

test('four columns, with quality flags and gaps', () => {
  const rows = [
    '100742,20100101,   64,    0',
    '100742,20100102,  -17,    1',
    '100742,20100104,-9999,    9',
    '100742,20100105,   -9,    0',
  ];
  for (const end of ['\n', '\r\n']) {
    const series = readStationSeries(fileOf('TX.txt', text(' SOUID,    DATE,   TX, Q_TX', rows, end)));
    assert.deepEqual([series.station, series.element], [240, 'TX']);
    assert.deepEqual(
      series.days,
      [1, 2, 4, 5].map((day) => Date.UTC(2010, 0, day)),
    );
    assert.deepEqual([...series.values], [6.4, NaN, NaN, -0.9]);
    assert.deepEqual([series.missing, series.suspect], [1, 1]);
  }
});

test('five columns, and header lines that are comments', () => {
  const five = text('STAID, SOUID,    DATE,   TN, Q_TN', ['   240,100742,20230101,   12,    0']);
  const comments = five.replaceAll(/^(?=[A-Z])/gm, '# ');
  for (const content of [five, comments]) {
    const { station, element, values } = readStationSeries(fileOf('TN.txt', content));
    assert.deepEqual([station, element, [...values]], [240, 'TN', [1.2]]);
  }
});

test('what is wrong is named with its line', () => {
  const refused = (rows: readonly string[], words: RegExp, columns = 'SOUID, DATE, TX, Q_TX') =>
    assert.throws(() => readStationSeries(fileOf('TX.txt', text(columns, rows))), refusal(words));
  refused(
    ['1,20100101,64,0', '1,20100101,64,0'],
    /TX.txt, line 7: found the date 20100101; expected a later day/,
  );
  refused(['1,20100230,64,0'], /line 6: found the date "20100230"; expected YYYYMMDD/);
  refused(['1,20100101,64'], /line 6: found "1,20100101,64"; expected 4 fields/);
  refused(['1,20100101,6.4,0'], /line 6: found TX "6.4"; expected tenths of °C/);
  refused(['1,20100101,900,0'], /line 6: found TX "900"/);
  refused(['1,20100101,64,2'], /line 6: found quality "2"; expected 0, 1 or 9/);
  refused([], /line 6: found no day/);
  refused(
    ['1,20100101,64,0'],
    /line 1: found "EUROPEAN CLIMATE ASSESSMENT"; expected column names/,
    'SOUID, DATE, RR, Q_RR',
  );
  refused(
    ['1,5,20100101,6,0', '2,5,20100102,6,0'],
    /line 7: found station 2; expected station 1/,
    'STAID, SOUID, DATE, TX, Q_TX',
  );
  assert.throws(
    () => readStationSeries(fileOf('b.txt', Buffer.from([0, 1, 2]))),
    refusal(/bytes that are no text/),
  );
});

test('the shared stations are read whole', { skip: skipShared }, () => {
  const geneva = readStationSeries(shared('stations/free/TX_STAID000240.txt'));
  assert.deepEqual([geneva.station, geneva.days.length, geneva.missing], [240, 4261, 29]);
  const madrid = readStationSeries(shared('stations/free/TG_STAID000230.txt'));
  assert.deepEqual([madrid.station, madrid.element, madrid.days.length], [230, 'TG', 2465]);
  const { stations, problems } = readStations(shared('stations/free/stations.txt'));
  assert.deepEqual([stations.length, problems.length], [1066, 0]);
  const retiro = stations.find(({ id }) => id === 230)!;
  assert.deepEqual([retiro.name, retiro.country, retiro.heightMetres], ['MADRID - RETIRO', 'ES', 667]);
  assert.ok(Math.abs(retiro.latitude - 40.41167) < 1e-4 && Math.abs(retiro.longitude + 3.67806) < 1e-4);
});

const list = (...lines: readonly string[]) =>
  fileOf('stations.txt', ['list', 'STAID,STANAME ,CN, LAT, LON,HGHT', '', ...lines, ''].join('\n'));

test('a line that a comma has shifted is left out, and named', () => {
  const good = '   16,WIEN-HOHE WARTE   ,AT  ,+48:14:54,+016:21:23,  198';
  const shifted = '  230, MADRID,RETIRO ,-00:00:00,+040:24:42,   -3';
  const comma = '  231,MALAGA, AEROPUERTO ,ES,+36:40:00,-004:29:17,    7';
  const { stations, problems } = readStations(list(good, shifted, comma, '  5,X,FR,+91:00:00,+000:00:00, 1'));
  assert.deepEqual(
    stations.map(({ id, name }) => [id, name]),
    [
      [16, 'WIEN-HOHE WARTE'],
      [231, 'MALAGA, AEROPUERTO'],
    ],
  );
  assert.deepEqual(
    problems.map(({ place }) => place),
    ['line 5', 'line 7'],
  );
  assert.match(problems[0]!.expected, /shifted by a comma in the name/);
  assert.throws(
    () => readStations(list(shifted)),
    refusal(/found no station; expected a list with the columns STAID/),
  );
});
