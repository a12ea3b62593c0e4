// The problem of work that must refuse its input.
import { UnusableFile, type Problem } from '../../../jobs/heat/formats/unusable.ts';

export async function refusalOf(work: Promise<unknown>): Promise<Problem> {
  try {
    await work;
  } catch (error) {
    if (error instanceof UnusableFile) return error.problem;
    throw error;
  }
  throw new Error('the input was not refused');
}
