// Runs the heat job over files of a folder, with buckets in memory.
import { crc32c } from '@node-rs/crc32';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { heat, type HeatPorts } from '../../../../jobs/heat/heat.ts';
import { stagesOf } from '../../../../jobs/heat/stages/stages.ts';
import { MemoryStore } from '../../../../shared/objects/memory.ts';
import type { ObjectStore } from '../../../../shared/objects/store.ts';
import type { OutputManifest } from '../../../../shared/outputs/manifest.ts';
import { frozenObject, inputObject } from '../../../../shared/runs/names.ts';

export const ATTEMPT = { pipeline: 'heat', run: '000001-0a0b0c0d', attempt: 1 };
export const FROZEN_AT = '2025-07-01T06:00:00.000Z';

export interface Buckets {
  readonly runs: ObjectStore;
  readonly results: ObjectStore;
  readonly cache: ObjectStore;
}

export const memoryBuckets = () => ({
  runs: new MemoryStore('runs'),
  results: new MemoryStore('results'),
  cache: new MemoryStore('cache'),
});

/** Freezes the files of the folder, as start-run would. */
export async function freeze(runs: ObjectStore, folder: string, run = ATTEMPT.run): Promise<void> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .toSorted();
  const files = [];
  for (const [index, name] of names.entries()) {
    const bytes = readFileSync(join(folder, name));
    const role = /^[^/]+\.yml$/.test(name) ? 'cities' : 'raw';
    const object = frozenObject('heat', run, role, index);
    await runs.create(object, bytes, 'application/octet-stream');
    files.push({ role, name, object, sizeBytes: bytes.length, crc32c: base64Of(bytes) });
  }
  const manifest = { pipeline: 'heat', run, revision: 'r', files, frozenAt: FROZEN_AT };
  await runs.create(inputObject('heat', run), JSON.stringify(manifest), 'application/json');
}

function base64Of(bytes: Buffer): string {
  const number = Buffer.alloc(4);
  number.writeUInt32BE(crc32c(bytes));
  return number.toString('base64');
}

export interface LogLine {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly message: string;
}

/** One attempt; `lines` receives what it logs. */
export async function runHeat(
  buckets: Buckets,
  options: { readonly attempt?: typeof ATTEMPT; readonly lines?: LogLine[] } & Partial<
    Pick<HeatPorts, 'stagesOf'>
  > = {},
): Promise<OutputManifest> {
  const folder = mkdtempSync(join(tmpdir(), 'heat-test-'));
  const log = (fields: object, message: string) =>
    void options.lines?.push({ fields: fields as LogLine['fields'], message });
  try {
    const ports: HeatPorts = {
      ...buckets,
      folder,
      stagesOf: options.stagesOf ?? stagesOf,
      clock: () => new Date('2025-07-01T07:00:00Z'),
      log: { info: log, warn: log },
    };
    return await heat(ports, options.attempt ?? ATTEMPT);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
