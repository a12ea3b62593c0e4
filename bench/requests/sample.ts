// What the requests bench asks with: a pipeline, owners with their tokens, and the objects of one running job.
import { exportJWK, generateKeyPair, SignJWT, type JSONWebKeySet } from 'jose';
import { z } from 'zod';
import type { RequestsPipeline } from '../../shared/pipelines/pipeline.ts';
import type { RequestRecord } from '../../shared/requests/entry.ts';
import { jobIdOf, requestedRunOf, startObject } from '../../shared/requests/names.ts';
import { requestObject } from '../../shared/runs/names.ts';

export const AUDIENCE = 'sluice-requests';
const ISSUER = 'https://accounts.google.com';

export const benchPipeline = (): RequestsPipeline => ({
  name: 'sample',
  trigger: {
    kind: 'requests',
    parameters: z.strictObject({ seconds: z.number().min(0).max(3600), text: z.string() }),
    presets: {},
    units: ({ seconds }) => Number(seconds),
    ...{ concurrency: 10, approval: 'none', expiresAfter: 3_600_000, waitingPerOwner: 10_000 },
    spending: { perOwner: 1000, inAll: 10_000 },
  },
  job: { image: 'sample', cpu: 1, memory: '1Gi', timeout: 600_000, attempts: 2 },
  outputs: [{ kind: 'result', file: 'result.json', schema: z.unknown() }],
});

export interface Callers {
  readonly keys: JSONWebKeySet;
  readonly tokens: readonly string[];
}

const subjectOf = (index: number): string => `1000000000000000${index}`;

/** Each with a token of its own, so that none is verified twice in a row. */
export async function callers(count: number): Promise<Callers> {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid: 'bench', alg: 'RS256', use: 'sig' };
  const iat = Math.floor(Date.now() / 1000);
  const tokens = await Promise.all(
    Array.from({ length: count }, (_none, index) =>
      new SignJWT({ email: `caller-${index}@example.com`, email_verified: true, hd: 'example.com' })
        .setProtectedHeader({ alg: 'RS256', kid: 'bench', typ: 'JWT' })
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setSubject(subjectOf(index))
        .setIssuedAt(iat)
        .setExpirationTime(iat + 3600)
        .sign(privateKey),
    ),
  );
  return { keys: { keys: [jwk] }, tokens };
}

/** A job of the first caller that has been started, as its objects. */
export function startedJob() {
  const owner = { issuer: ISSUER, subject: subjectOf(0) };
  const run = requestedRunOf(owner, 'sample', 'bench');
  const at = '2026-11-27T00:00:00.000Z';
  const record: RequestRecord = {
    ...{ pipeline: 'sample', run, requester: { ...owner, email: null }, acceptedAt: at, expiresAt: at },
    ...{ bodyHash: '0'.repeat(64), preset: null, priority: 5, maxCost: null, units: 1, approval: 'none' },
    estimate: {
      ...{ low: 0, expected: null, high: 1, currency: 'USD', hash: '0'.repeat(16) },
      basis: { runs: 0, from: null, to: null, prices: '2026-11-21' },
    },
  };
  return {
    id: jobIdOf('sample', run),
    objects: {
      [requestObject('sample', run)]: JSON.stringify(record),
      [startObject('sample', run)]: JSON.stringify({ kind: 'start', dispatch: 1, at }),
    },
  };
}
