// The contracts of the adapters, over the local cloud: all others. Both groups wait much, for clients that try again.
import { together } from '../together.ts';

await together('test/ports/!(warehouse*|publications*|rollback*).test.ts');
