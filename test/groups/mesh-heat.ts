// The mesh of heat.
import { together } from '../together.ts';

await together('test/mesh/heat/*.test.ts');
