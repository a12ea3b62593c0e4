// The labels below the colours of a map: at both ends and in the middle, with as many decimals as tell them apart.
import type { Format } from './language/format.ts';

export interface Coloured {
  readonly range: readonly [least: number, most: number];
  readonly units: string;
}

export function legendLabels(
  { decimal }: Format,
  { range: [least, most], units }: Coloured,
): readonly string[] {
  const values = [least, (least + most) / 2, most];
  const digits = values.every(Number.isInteger) ? 0 : decimalsOf(most - least);
  const unit = units === '' ? '' : ` ${units}`;
  return values.map((value, at) => `${decimal(value, digits)}${at === 2 ? unit : ''}`);
}

const decimalsOf = (span: number): number => Math.min(4, Math.max(1, 1 - Math.floor(Math.log10(span || 1))));
