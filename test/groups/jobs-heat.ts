// The job of heat.
import { together } from '../together.ts';

await together('test/jobs/heat/**/*.test.ts');
