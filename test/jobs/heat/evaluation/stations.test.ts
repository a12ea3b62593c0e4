// The correction by other stations, on eight real stations beside ERA5-Land, and where there is nothing to correct by.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import test from 'node:test';
import { gunzipSync } from 'node:zlib';
import { leaveOneOut, type StationPairs } from '../../../../jobs/heat/evaluation/leave-one-out.ts';

const FILE = new URL(
  '../../../../../shared/data/heat/stations/italy-8-stations-era5land-2020_2023.csv.gz',
  import.meta.url,
);
const skip = existsSync(FILE) ? false : 'the shared data are not here';

function italianStations(): readonly StationPairs[] {
  const [header = '', ...lines] = gunzipSync(readFileSync(FILE)).toString().trim().split('\n');
  const names = header.trim().split(',');
  const [station, measured, modelled] = ['station_id', 'T_station', 'T_ERA5'].map((name) =>
    names.indexOf(name),
  );
  const pairs = new Map<string, { observed: number[]; modelled: number[] }>();
  for (const line of lines) {
    const fields = line.split(',');
    const number = (at: number | undefined) => (fields[at!] === '' ? NaN : Number(fields[at!]));
    const own = pairs.get(fields[station!]!) ?? { observed: [], modelled: [] };
    pairs.set(fields[station!]!, own);
    own.observed.push(number(measured));
    own.modelled.push(number(modelled));
  }
  return [...pairs].map(([id, values]) => ({ station: id, ...values }));
}

test(
  'raw ERA5-Land against eight Italian stations, and less the mean bias of the other seven',
  { skip },
  () => {
    const found = leaveOneOut(italianStations());
    assert.equal(found.stations, 8);
    assert.equal(found.raw.count, 11_358);
    assert.equal(found.raw.rmse!.toFixed(3), '2.512');
    assert.equal(found.raw.bias!.toFixed(3), '-1.872');
    assert.equal(found.corrected.rmse!.toFixed(3), '1.792');
    assert.equal(found.corrected.count, 11_358);
  },
);

test('the measurements of a station do not reach its own correction', { skip }, () => {
  const stations = italianStations();
  const poisoned = stations.map((one, at) =>
    at === 3 ? { ...one, observed: [...(one.observed as number[])].map((value) => value + 100) } : one,
  );
  const [before, after] = [stations, poisoned].map((all) => leaveOneOut(all).by_station[3]!.corrected);
  // The correction is the same, so the poison shows whole.
  assert.ok(Math.abs(after!.bias! - before!.bias! + 100) < 1e-9);
});

test('one station alone is not corrected, and a station without pairs does not count', () => {
  const one = { station: 'a', observed: [1, 2], modelled: [2, 4] };
  const none = { station: 'b', observed: [NaN], modelled: [1] };
  const found = leaveOneOut([one, none]);
  assert.equal(found.stations, 1);
  assert.equal(found.raw.bias, 1.5);
  assert.equal(found.corrected.rmse, null);
  assert.match(found.corrected.reasons['rmse']!.text, /no other/);
  assert.match(leaveOneOut([none]).raw.reasons['rmse']!.text, /no station/);
});
