// Predictions for the times of a training by a method that has not learned them: what another method can learn to improve.
import { predictKept, trainingOf, type Downscaler, type Training } from './downscaler.ts';
import { between, cellsOf, type Fields } from './field.ts';

const PARTS = 3;

/** Each part of the times is predicted from the others. */
export function crossFitted(method: Downscaler, training: Training): Fields {
  const { fine, coarse, cover, ground } = training;
  const values = new Float32Array(fine.values.length);
  const times = fine.hours.length;
  // `training` is cut to the cover already.
  const own = { ...cover, top: 0, left: 0 };
  for (let part = 0; part < PARTS; part++) {
    const [from, to] = [part, part + 1].map((edge) => Math.floor((edge * times) / PARTS)) as [number, number];
    if (from === to) continue;
    const rest = trainingOf(without(fine, from, to), own, ground);
    const learnt = method.learn(rest.fine.hours.length > 0 ? rest : training);
    const predicted = predictKept(learnt, training, between(coarse, from, to));
    values.set(predicted.values, from * cellsOf(fine));
  }
  return { ...fine, values };
}

function without(fields: Fields, from: number, to: number): Fields {
  const cells = cellsOf(fields);
  const values = new Float32Array(fields.values.length - (to - from) * cells);
  values.set(fields.values.subarray(0, from * cells));
  values.set(fields.values.subarray(to * cells), from * cells);
  return { ...fields, hours: [...fields.hours.slice(0, from), ...fields.hours.slice(to)], values };
}
