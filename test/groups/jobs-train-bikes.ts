// The job that trains the models of bikes.
import { together } from '../together.ts';

await together('test/jobs/train-bikes/**/*.test.ts');
