// The mesh of carmila: messages, settings and failures.
import { endWarmFunctions, keepFunctionsWarm } from '../mesh/warm-functions.ts';
import { together } from '../together.ts';

keepFunctionsWarm();
await together(
  'test/mesh/carmila/{bad-messages,dead-letters,deliveries-as-google-makes-them}.test.ts',
  'test/mesh/carmila/{endpoints,finished-executions,large-buckets,regions}.test.ts',
  'test/failure/{killed,lost}.test.ts',
);
await endWarmFunctions();
