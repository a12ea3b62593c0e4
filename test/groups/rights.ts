// Least privilege: every grant is taken away once.
import { together } from '../together.ts';

await together('test/failure/least-privilege*.test.ts');
