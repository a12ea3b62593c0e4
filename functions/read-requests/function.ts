// What read-requests may do and who calls it.
import { internet } from '../../shared/functions/callers.ts';
import { defineFunction } from '../../shared/functions/declaration.ts';
import { reads, signsLinks, verifiesTokens } from '../../shared/functions/rights.ts';
import { apiVariables } from '../../shared/functions/variables.ts';

export default defineFunction({
  name: 'read-requests',
  purpose: 'Shows requested runs and their results to callers',
  calledBy: [internet()],
  rights: [reads('runs'), reads('requests'), reads('results'), signsLinks(), verifiesTokens()],
  variables: apiVariables(),
  // A service may have Cloud Run's own check of tokens switched off; the function verifies them itself.
  runsAs: 'service',
  // Up to 60 long polls and streams wait in one instance; the other places are for short calls.
  size: { memory: '512Mi', cpu: 1, concurrency: 80, minInstances: 0, maxInstances: 10 },
});
