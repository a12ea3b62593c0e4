// Prints an identity token of the local cloud for the requests API.
import { ConfigurationError } from '../../shared/errors.ts';
import { identityTokens } from '../../shared/google/functions.ts';
import type { Target } from '../target.ts';
import type { Sluice } from '../verbs/verb.ts';

/** The function that writes; both functions of the API accept the tokens for it. */
const AUDIENCE = 'accept-requests';

export async function printToken(sluice: Sluice, target: Target): Promise<void> {
  const { logFolder, functionUrl } = target;
  if (logFolder === undefined)
    throw new ConfigurationError(
      'sluice token mints tokens of the local cloud alone; for a project, type gcloud auth print-identity-token',
    );
  const audience = functionUrl(AUDIENCE);
  const token = (await identityTokens()(audience)).replace(/^Bearer /, '');
  sluice.report({ token, audience }, token);
}
