// Bicubic interpolation, and what it lacked on average at each hour of the day.
import { bicubic } from './bicubic.ts';
import type { Downscaler } from './downscaler.ts';
import { cellsOf } from './field.ts';
import { hourOfDay } from './timeline.ts';

const HOURS = 24;

export const residualByHour: Downscaler = {
  name: 'bicubic + residual by hour',
  learn(training) {
    const { fine, coarse } = training;
    const cells = cellsOf(fine);
    const interpolation = bicubic.learn(training);
    const interpolated = interpolation.predict(coarse);
    const sums = new Float64Array((HOURS + 1) * cells);
    const counts = new Float64Array(HOURS + 1);
    fine.hours.forEach((time, at) => {
      // The last place is for hours of the day that the training lacks: the mean over all hours.
      for (const slot of [hourOfDay(time), HOURS]) {
        counts[slot]!++;
        for (let cell = 0; cell < cells; cell++)
          sums[slot * cells + cell]! +=
            fine.values[at * cells + cell]! - interpolated.values[at * cells + cell]!;
      }
    });
    return {
      predict(input) {
        const predicted = interpolation.predict(input);
        input.hours.forEach((time, at) => {
          const slot = counts[hourOfDay(time)]! > 0 ? hourOfDay(time) : HOURS;
          for (let cell = 0; cell < cells; cell++)
            predicted.values[at * cells + cell]! += sums[slot * cells + cell]! / counts[slot]!;
        });
        return predicted;
      },
    };
  },
};
