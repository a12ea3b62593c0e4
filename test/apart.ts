// The files of tests that need a process of their own although their folder shares one.

/** Each measures the memory of its process, in which the work of other files would stand as well. */
export const APART: ReadonlySet<string> = new Set([
  'test/jobs/forecast/bad-files.test.ts',
  'test/jobs/heat/formats/geotiff.test.ts',
  'test/jobs/heat/formats/netcdf.test.ts',
]);
