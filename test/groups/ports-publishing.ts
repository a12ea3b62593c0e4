// The contracts of the adapters, over the local cloud: what publishes.
import { together } from '../together.ts';

await together('test/ports/{warehouse,publications,rollback}*.test.ts');
