// Names a week's work by everything that went into it: the same name can only mean the same bytes.
import { createHash } from 'node:crypto';
import type { Site } from '../series/panel.ts';
import type { Known } from './past.ts';
import type { Settings } from './settings.ts';

export interface WeekInput {
  readonly known: Known;
  readonly sites: readonly Site[];
  /** How many days are forecast. */
  readonly days: number;
  readonly settings: Settings;
  /** Another version of the library grows other trees. */
  readonly libraryVersion: string;
}

/**
 * 64 hexadecimal digits. Actuals after the cut are not in it, so another week of actuals leaves the names of
 * the weeks before as they were.
 */
export function weekKey({ known, sites, days, settings, libraryVersion }: WeekInput): string {
  const hash = createHash('sha256');
  const { visits, openAhead, ...shape } = known;
  const codes = sites.map(({ code }) => code);
  // The stride is how the panel lies in memory, and grows with every day.
  hash.update(JSON.stringify({ ...shape, stride: undefined, codes, days, settings, libraryVersion }));
  for (let site = 0; site < known.sites; site += 1) {
    const row = site * known.stride;
    hash.update(littleEndian(visits.subarray(row, row + known.days)));
  }
  hash.update(openAhead);
  return hash.digest('hex');
}

/** NaN has many bit patterns; they all mean "not reported". */
function littleEndian(values: Float64Array): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(values.byteLength));
  values.forEach((value, index) =>
    bytes.setFloat64(index * 8, Number.isNaN(value) ? Number.NaN : value, true),
  );
  return new Uint8Array(bytes.buffer);
}
