// The client of the place that a command works on, as the identity that it has there.
import { setTimeout as wait } from 'node:timers/promises';
import { API_AUDIENCE } from '../../shared/api/audience.ts';
import { ConfigurationError } from '../../shared/errors.ts';
import { identityTokens } from '../../shared/google/functions.ts';
import { parseJobId } from '../../shared/requests/names.ts';
import type { Target } from '../target.ts';
import { RequestsClient } from './client.ts';

export function clientOf(target: Target): RequestsClient {
  const tokens = identityTokens();
  return new RequestsClient({
    addressOf: target.functionUrl,
    authorization: () => tokens(API_AUDIENCE),
    fetch,
    pause: async (ms) => void (await wait(ms)),
  });
}

/** The pipeline of a job's id. */
export function pipelineOfJob(id: string): string {
  const parts = parseJobId(id);
  if (parts !== undefined) return parts.pipeline;
  throw new ConfigurationError(
    `"${id}" is not the id of a job; expected one like forecast-what-if.r0123456789abcdef-…, as sluice request prints it`,
  );
}
