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
  // Counts, such as days, stay whole where they are.
  const hasWholeEnds = Number.isInteger(least) && Number.isInteger(most);
  const digits = decimalsOf(most - least);
  const unit = units === '' ? '' : ` ${units}`;
  return values.map((value, at) => {
    const isWhole = hasWholeEnds && Number.isInteger(value);
    return `${decimal(value, isWhole ? 0 : digits)}${at === 2 ? unit : ''}`;
  });
}

const decimalsOf = (span: number): number => Math.min(4, Math.max(1, 1 - Math.floor(Math.log10(span || 1))));
