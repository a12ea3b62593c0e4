// The mesh of requested runs.
import { together } from '../together.ts';

await together('test/mesh/requests/*.test.ts');
