// The services of the local cloud.
import { together } from '../together.ts';

await together('test/local/**/*.test.ts');
