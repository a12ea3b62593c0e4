// What the console may do and who uses it.
import { people } from '../../shared/functions/callers.ts';
import { defineFunction } from '../../shared/functions/declaration.ts';
import {
  calls,
  reads,
  readsLedger,
  readsLogs,
  readsTraces,
  verifiesTokens,
} from '../../shared/functions/rights.ts';
import { consoleReaders, consoleVariables } from '../../shared/functions/variables.ts';

export default defineFunction({
  name: 'console',
  purpose: 'Shows runs and publications to people',
  calledBy: [people()],
  rights: [
    reads('runs'),
    reads('results'),
    reads('audit'),
    // The queues of requested runs; in a stack without such a pipeline there is nothing to read.
    reads('requests'),
    // The candidates of models; nothing in a stack that publishes no files and no model.
    reads('exports'),
    readsLedger(),
    readsLogs('jobs'),
    readsTraces(),
    verifiesTokens(),
    // It has no power of its own: a command counts only with the assertion of its person.
    calls('handle-commands'),
  ],
  variables: { ...consoleVariables(), ...consoleReaders() },
  // Identity-Aware Proxy stands before services alone.
  runsAs: 'service',
  // It waits for Google's services; below one processor a second reader would wait for the first.
  size: { memory: '512Mi', cpu: 1, concurrency: 40, minInstances: 0, maxInstances: 3 },
});
