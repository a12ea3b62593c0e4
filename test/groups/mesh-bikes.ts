// The mesh of bikes.
import { together } from '../together.ts';

await together('test/mesh/bikes/*.test.ts');
