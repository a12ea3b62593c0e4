// The contracts of the adapters, over the local cloud.
import { together } from '../together.ts';

await together('test/ports/*.test.ts');
