// Configurations of cities for tests: a good one, and changed ones.
export const GOOD = `# The seed's configuration of Paris.
city: paris
period:
  start: 2022-07-01
  end: 2022-07-15
grid:
  crs: EPSG:3857
  resolution_m: 200
extent:
  bbox_wgs84: [2.224, 48.815, 2.470, 48.902]
  center: [2.347, 48.859]
variables: [t2m, tx, tn, rh, u10, v10]
sources:
  era5:
    provider: bucket
    dataset: reanalysis-era5-single-levels
    path: era5/paris
    resolution_km: 25
  sentinel2:
    collection: COPERNICUS/S2_SR_HARMONIZED
    bands: [B2, B3, B4, B8, B11, B12]
    resolution_m: 10
  osm:
    features: [buildings, roads, landuse, water]
mode: { dry_run: false, save_intermediate: true, verbose: false }
model: { type: bicubic }
indicators: { threshold_celsius: 30, urban_heat_island_analysis: true }
output:
  formats: [geotiff, png, metadata]
  compression: lzw
  tiled: true
  report: { format: [html, pdf], include_maps: true, include_metrics: true }
gcs:
  raw: gs://gh-raw-{project}
  exports: gs://gh-exports-{project}
`;

export const FROZEN_AT = '2026-11-27T05:00:00.000Z';

/** The good configuration with one text in place of another; throws where that is not there. */
export function changed(from: string, to: string): string {
  if (!GOOD.includes(from)) throw new Error(`the configuration has no "${from}"`);
  return GOOD.replace(from, to);
}
