// Against stations: the raw errors, and what is left after the mean bias of the other stations is taken away. A station's
// own measurements never correct its own prediction.
import { coded } from '../texts/coded.ts';
import { ErrorSums, noScores, type Scores } from './scores.ts';

/** What a station measured, and what a method has there, pair by pair; NaN where one is missing. */
export interface StationPairs {
  readonly station: string;
  readonly observed: ArrayLike<number>;
  readonly modelled: ArrayLike<number>;
  /** What else is known of each pair, as many numbers for each; NaN where unknown. */
  readonly about?: readonly (readonly number[])[];
}

export interface StationScores {
  readonly stations: number;
  readonly raw: Scores;
  /** Each station corrected by the others. */
  readonly corrected: Scores;
  readonly by_station: readonly {
    readonly station: string;
    readonly raw: Scores;
    readonly corrected: Scores;
  }[];
}

const ALONE = coded('one-station');

export function leaveOneOut(stations: readonly StationPairs[]): StationScores {
  const used = stations.filter(({ observed, modelled }) => biasOf(observed, modelled).count > 0);
  const biases = used.map(({ observed, modelled }) => biasOf(observed, modelled));
  const [raw, corrected] = [new ErrorSums(), new ErrorSums()];
  const each = used.map((station, at) => {
    const others = meanOf(biases.filter((_, other) => other !== at));
    const own = addPairs(station, 0, raw);
    if (others === null) return { station: station.station, raw: own, corrected: noScores(ALONE) };
    return { station: station.station, raw: own, corrected: addPairs(station, others, corrected) };
  });
  return {
    stations: used.length,
    raw: used.length === 0 ? noScores(coded('no-measurement')) : raw.scores(),
    corrected: used.length < 2 ? noScores(ALONE) : corrected.scores(),
    by_station: each,
  };
}

interface Bias {
  readonly sum: number;
  readonly count: number;
}

function biasOf(observed: ArrayLike<number>, modelled: ArrayLike<number>): Bias {
  let [sum, count] = [0, 0];
  for (let at = 0; at < observed.length; at++) {
    const error = modelled[at]! - observed[at]!;
    if (Number.isNaN(error)) continue;
    sum += error;
    count++;
  }
  return { sum, count };
}

function meanOf(biases: readonly Bias[]): number | null {
  const count = biases.reduce((total, one) => total + one.count, 0);
  return count === 0 ? null : biases.reduce((total, one) => total + one.sum, 0) / count;
}

/** The scores of one station, whose modelled values lose `bias`; its pairs are added to those of all. */
function addPairs({ observed, modelled }: StationPairs, bias: number, all: ErrorSums): Scores {
  const own = new ErrorSums();
  for (let at = 0; at < observed.length; at++)
    for (const sums of [own, all]) sums.add(modelled[at]! - bias, observed[at]!);
  return own.scores();
}
