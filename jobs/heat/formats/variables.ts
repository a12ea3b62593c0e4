// The variables of the atmosphere that the pipeline reads, and how each format names them.

export interface Variable {
  readonly name: VariableName;
  /** Codes of GRIB edition 1: table version and parameter. */
  readonly edition1: readonly string[];
  /** Codes of GRIB edition 2: discipline, category and number, and the height above ground in metres where it matters. */
  readonly edition2: readonly string[];
  /** Names of variables in NetCDF. */
  readonly netcdf: readonly string[];
  readonly isTemperature: boolean;
}

export type VariableName = 't2m' | 'd2m' | 'tx' | 'tn' | 'skt' | 'u10' | 'v10' | 'tp';

const temperature = true;
const entry = (
  name: VariableName,
  edition1: string,
  edition2: string,
  netcdf: string,
  isTemperature = false,
): Variable => ({
  name,
  edition1: edition1.split(' '),
  edition2: edition2.split(' '),
  netcdf: netcdf.split(' '),
  isTemperature,
});

export const VARIABLES: readonly Variable[] = [
  entry('t2m', '128.167', '0.0.0@2', 't2m 2t T2M VAR_2T', temperature),
  entry('d2m', '128.168', '0.0.6@2', 'd2m 2d D2M VAR_2D', temperature),
  entry('tx', '128.201', '0.0.4@2', 'mx2t tx', temperature),
  entry('tn', '128.202', '0.0.5@2', 'mn2t tn', temperature),
  entry('skt', '128.235', '0.0.17', 'skt SKT', temperature),
  entry('u10', '128.165', '0.2.2@10', 'u10 10u U10 VAR_10U'),
  entry('v10', '128.166', '0.2.3@10', 'v10 10v V10 VAR_10V'),
  entry('tp', '128.228', '0.1.8 0.1.193', 'tp TP'),
];

export const variableOf = (name: VariableName): Variable => {
  const found = VARIABLES.find((variable) => variable.name === name);
  if (found === undefined) throw new RangeError(`there is no variable "${name as string}"`);
  return found;
};

/** How an error calls a code: with the name of the variable, where it is known. */
export function shownCode(code: string): string {
  const known = VARIABLES.find(({ edition1, edition2 }) => [...edition1, ...edition2].includes(code));
  return known === undefined ? `parameter ${code}` : `${known.name} (parameter ${code})`;
}

const UNITS: ReadonlyMap<string, string> = new Map([
  ...['k', 'kelvin', 'degrees_kelvin', 'degk'].map((text) => [text, 'K'] as const),
  ...['c', '°c', 'degc', 'deg_c', 'celsius', 'degree_celsius', 'degrees_celsius', 'degree_c'].map(
    (text) => [text, '°C'] as const,
  ),
  ...['m s**-1', 'm/s', 'm s-1', 'm s^-1'].map((text) => [text, 'm/s'] as const),
]);

/** `K`, `°C` and `m/s` in one spelling each; any other unit as it is written. */
export const unitsOf = (text: string): string => UNITS.get(text.trim().toLowerCase()) ?? text.trim();
