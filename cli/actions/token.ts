// Prints an identity token of the local cloud for the requests API.
import { API_AUDIENCE } from '../../shared/api/audience.ts';
import { ConfigurationError } from '../../shared/errors.ts';
import { identityTokens } from '../../shared/google/functions.ts';
import type { Target } from '../target.ts';
import type { Sluice } from '../verbs/verb.ts';

export async function printToken(sluice: Sluice, target: Target): Promise<void> {
  if (target.logFolder === undefined)
    throw new ConfigurationError(
      'sluice token mints tokens of the local cloud alone; for a project, type gcloud auth print-identity-token',
    );
  const token = (await identityTokens()(API_AUDIENCE)).replace(/^Bearer /, '');
  sluice.report({ token, audience: API_AUDIENCE }, token);
}
