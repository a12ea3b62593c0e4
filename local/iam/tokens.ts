// The tokens that the local cloud's identities carry: OIDC tokens that can be verified, access tokens that are opaque.
import { createHash, createHmac } from 'node:crypto';
import {
  type CryptoKey,
  exportJWK,
  exportPKCS8,
  exportSPKI,
  generateKeyPair,
  importPKCS8,
  importSPKI,
} from 'jose';
import { type JSONWebKeySet, SignJWT, jwtVerify } from 'jose';
import { type Clock, systemClock } from '../clock.ts';
import type { State } from '../state/state.ts';

export const TOKEN_LIFETIME_SECONDS = 3600;

const ALGORITHM = 'RS256';
const ISSUER = 'https://accounts.google.com';

interface Keys {
  readonly id: string;
  readonly privatePem: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
}

/** Mints and verifies. The key is made once and kept in the state, so tokens outlive a restart. */
export class Tokens {
  readonly #keys: Keys;
  readonly #clock: Clock;

  private constructor(keys: Keys, clock: Clock) {
    this.#keys = keys;
    this.#clock = clock;
  }

  static async open(state: State, clock: Clock = systemClock): Promise<Tokens> {
    state.sql.exec(`
      CREATE TABLE IF NOT EXISTS iam_keys (
        id TEXT PRIMARY KEY, private_pem TEXT NOT NULL, public_pem TEXT NOT NULL
      ) STRICT`);
    return new Tokens((await readKeys(state)) ?? (await makeKeys(state)), clock);
  }

  /** An ID token of the account `email` for `audience`, valid for an hour. */
  async mintIdToken(email: string, audience: string): Promise<string> {
    const nowSeconds = Math.floor(this.#clock.now() / 1000);
    const subject = uniqueIdOf(email);
    const domain = domainOf(email);
    return new SignJWT({ azp: subject, email, email_verified: true, ...(domain && { hd: domain }) })
      .setProtectedHeader({ alg: ALGORITHM, kid: this.#keys.id, typ: 'JWT' })
      .setIssuer(ISSUER)
      .setAudience(audience)
      .setSubject(subject)
      .setIssuedAt(nowSeconds)
      .setExpirationTime(nowSeconds + TOKEN_LIFETIME_SECONDS)
      .sign(this.#keys.privateKey);
  }

  /**
   * Whose valid token for `audience` the header `Bearer ...` carries; undefined when there is none, when it
   * is for someone else, expired, or not signed by this cloud.
   */
  async verifyIdToken(
    authorizationHeader: string | undefined,
    audience: string,
  ): Promise<string | undefined> {
    const token = /^Bearer +(\S+)$/i.exec(authorizationHeader ?? '')?.[1];
    if (token === undefined) return undefined;
    try {
      const { payload } = await jwtVerify(token, this.#keys.publicKey, {
        algorithms: [ALGORITHM],
        issuer: ISSUER,
        audience,
        requiredClaims: ['exp', 'email'],
        currentDate: new Date(this.#clock.now()),
      });
      return typeof payload['email'] === 'string' ? payload['email'] : undefined;
    } catch {
      return undefined;
    }
  }

  /** The keys that verify the ID tokens, as Google publishes its own. */
  async publicKeys(): Promise<JSONWebKeySet> {
    const { id: kid, publicKey } = this.#keys;
    return { keys: [{ ...(await exportJWK(publicKey)), kid, alg: ALGORITHM, use: 'sig' }] };
  }

  /** An access token. It is opaque, as Google's is: the port a call arrives at tells who called. */
  mintAccessToken(email: string): string {
    const signature = createHmac('sha256', this.#keys.privatePem)
      .update(`${email}\n${this.#clock.now()}`)
      .digest('base64url');
    return `ya29.local-${signature}`;
  }
}

async function readKeys(state: State): Promise<Keys | undefined> {
  const row = state.sql.prepare('SELECT id, private_pem, public_pem FROM iam_keys').get();
  if (row === undefined) return undefined;
  const privatePem = String(row['private_pem']);
  return {
    id: String(row['id']),
    privatePem,
    privateKey: await importPKCS8(privatePem, ALGORITHM),
    publicKey: await importSPKI(String(row['public_pem']), ALGORITHM, { extractable: true }),
  };
}

async function makeKeys(state: State): Promise<Keys> {
  const { privateKey, publicKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  const privatePem = await exportPKCS8(privateKey);
  const publicPem = await exportSPKI(publicKey);
  const id = createHash('sha1').update(publicPem).digest('hex');
  state.sql.prepare('INSERT INTO iam_keys VALUES (?, ?, ?)').run(id, privatePem, publicPem);
  return { id, privatePem, privateKey, publicKey };
}

/** The domain of a person's Google Workspace account. Accounts of Gmail, of this machine and of services have none. */
function domainOf(email: string): string | undefined {
  const domain = email.slice(email.lastIndexOf('@') + 1);
  const isManaged =
    domain.includes('.') && domain !== 'gmail.com' && !domain.endsWith('.gserviceaccount.com');
  return isManaged ? domain : undefined;
}

/** Google names each account by 21 digits that never change. */
function uniqueIdOf(email: string): string {
  const digits = BigInt(`0x${createHash('sha256').update(email).digest('hex')}`) % 10n ** 20n;
  return `1${digits.toString().padStart(20, '0')}`;
}
