// Identity tokens of the people of the simulation, signed with a key of this process.
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { GOOGLE_ISSUER } from '../../../shared/access/tokens.ts';
import type { IssuerKeys } from '../../../shared/access/key-set.ts';
import type { Owner } from '../../../shared/requests/names.ts';
import { addressOf } from './sample.ts';

const KID = 'simulated';
const ALGORITHM = 'RS256';
export const AUDIENCE = 'sluice-requests';
const HOUR_MS = 3_600_000;
/** A token is minted well before it is used, and is valid for an hour. */
const MINT_EVERY_MS = HOUR_MS / 3;

const pair = await generateKeyPair(ALGORITHM);
const keys = { keys: [{ ...(await exportJWK(pair.publicKey)), kid: KID, alg: ALGORITHM, use: 'sig' }] };

export const issuerKeys: IssuerKeys = {
  google: async () => keys,
  identityPlatform: async () => ({ keys: [] }),
  iap: async () => ({ keys: [] }),
};

export const ownerOfName = (name: string): Owner => ({ issuer: GOOGLE_ISSUER, subject: `sub-${name}` });

const minted = new Map<string, Promise<string>>();

/** The same token for the same third of an hour: signing takes a millisecond, and a life has many calls. */
export function tokenOf(name: string, nowMs: number): Promise<string> {
  const atMs = Math.floor(nowMs / MINT_EVERY_MS) * MINT_EVERY_MS;
  const key = `${name} ${atMs}`;
  const known = minted.get(key);
  if (known !== undefined) return known;
  const { issuer, subject } = ownerOfName(name);
  const token = new SignJWT({ email: addressOf(name), email_verified: true })
    .setProtectedHeader({ alg: ALGORITHM, kid: KID })
    .setIssuer(issuer)
    .setSubject(subject)
    .setAudience(AUDIENCE)
    .setIssuedAt(new Date(atMs))
    .setExpirationTime(new Date(atMs + HOUR_MS))
    .sign(pair.privateKey);
  minted.set(key, token);
  return token;
}
