// Runs Debian's GDAL and zarr, by which tests check the readers, the warp and the writers where they are installed.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

// Debian's own packages are those of its own Python.
const PYTHON = '/usr/bin/python3';

function reasonWithout(modules: string): false | string {
  if (!existsSync(PYTHON)) return `there is no ${PYTHON}`;
  const { status, stderr } = spawnSync(PYTHON, ['-c', `import ${modules}`], { encoding: 'utf8' });
  return status === 0 ? false : `${PYTHON} cannot import ${modules}: ${stderr.trim().split('\n').at(-1)}`;
}

/** Why the tests with GDAL are skipped; false where it is there (`apt-get install gdal-bin python3-gdal`). */
export const skipGdal = reasonWithout('osgeo.gdal, numpy');

/** The same for zarr and xarray (`apt-get install python3-zarr python3-xarray`). */
export const skipZarr = reasonWithout('zarr, xarray');

/** What the program prints last, a line of JSON. Throws with what it says where it fails. */
export function python<T>(program: string, ...values: readonly string[]): T {
  const options = { encoding: 'utf8', maxBuffer: 64e6, timeout: 120_000 } as const;
  const { status, stdout, stderr } = spawnSync(PYTHON, ['-c', program, ...values], options);
  if (status !== 0) throw new Error(`${PYTHON} ended with ${status}: ${stderr}`);
  // GDAL prints its warnings of some files before it.
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as T;
}
