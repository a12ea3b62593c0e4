// What accept-requests may do and who calls it.
import { RUN_REQUESTED } from '../../shared/deployment.ts';
import { internet } from '../../shared/functions/callers.ts';
import { defineFunction } from '../../shared/functions/declaration.ts';
import { adds, changes, erases, publishes, verifiesTokens } from '../../shared/functions/rights.ts';
import { apiVariables } from '../../shared/functions/variables.ts';

export default defineFunction({
  name: 'accept-requests',
  purpose: 'Takes requests for runs, and decisions on them',
  calledBy: [internet()],
  rights: [
    // The gates of runs, which callers decide at.
    adds('runs'),
    adds('requests'),
    // The entry of a request whose run had ended; and content that its requester erases.
    changes('requests', 'queue'),
    changes('requests', 'content'),
    erases('results'),
    // Decisions at the gates, and erasures.
    adds('audit'),
    publishes(RUN_REQUESTED),
    verifiesTokens(),
  ],
  variables: apiVariables(),
  // A service may have Cloud Run's own check of tokens switched off; the function verifies them itself.
  runsAs: 'service',
  // A request takes under a millisecond of processor time, and waits for two calls to Cloud Storage.
  size: { memory: '512Mi', cpu: 1, concurrency: 80, minInstances: 0, maxInstances: 10 },
});
