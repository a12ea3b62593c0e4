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
import { type JSONWebKeySet, type JWTPayload, SignJWT, jwtVerify } from 'jose';
import { type Clock, systemClock } from '../clock.ts';
import type { State } from '../state/state.ts';

export const TOKEN_LIFETIME_SECONDS = 3600;

const ALGORITHM = 'RS256';
const ISSUER = 'https://accounts.google.com';
const USER_ISSUER = 'https://securetoken.google.com/';

interface Keys {
  readonly id: string;
  readonly privatePem: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
}

/** The two that sign identity tokens, each with a key of its own. */
export type IssuerName = 'google' | 'identity-platform';

const TABLES: Readonly<Record<IssuerName, string>> = {
  google: 'iam_keys',
  'identity-platform': 'iam_user_keys',
};

/** A user of Identity Platform: of a project, and of one of its tenants where it has any. */
export interface User {
  readonly project: string;
  readonly subject: string;
  readonly email?: string;
  readonly emailVerified?: boolean;
  readonly tenant?: string;
}

/** Mints and verifies. Each key is made once and kept in the state, so tokens outlive a restart. */
export class Tokens {
  readonly #keys: Keys;
  readonly #state: State;
  readonly #clock: Clock;
  /** Made when it is first used: few tests have users. */
  #userKeys: Promise<Keys> | undefined;

  private constructor(keys: Keys, state: State, clock: Clock) {
    this.#keys = keys;
    this.#state = state;
    this.#clock = clock;
  }

  static async open(state: State, clock: Clock = systemClock): Promise<Tokens> {
    return new Tokens(await keysIn(state, 'google'), state, clock);
  }

  /** An ID token of the account `email` for `audience`, valid for an hour. */
  async mintIdToken(email: string, audience: string): Promise<string> {
    const sub = uniqueIdOf(email);
    const domain = domainOf(email);
    const account = { azp: sub, email, email_verified: true, ...(domain && { hd: domain }) };
    return this.signClaims('google', { ...account, iss: ISSUER, aud: audience, sub, ...this.#times() });
  }

  /** An ID token of a user of Identity Platform, valid for an hour. */
  async mintUserToken({ project, subject, email, emailVerified = true, tenant }: User): Promise<string> {
    const address = email === undefined ? {} : { email, email_verified: emailVerified };
    const { iat, exp } = this.#times();
    return this.signClaims('identity-platform', {
      ...{ iss: `${USER_ISSUER}${project}`, aud: project, auth_time: iat, user_id: subject, sub: subject },
      ...{ iat, exp, ...address },
      firebase: {
        identities: email === undefined ? {} : { email: [email] },
        sign_in_provider: 'password',
        ...(tenant === undefined ? {} : { tenant }),
      },
    });
  }

  /** Signs these claims with the issuer's own key, whatever they are: tests have tokens that no issuer would mint. */
  async signClaims(issuer: IssuerName, claims: JWTPayload): Promise<string> {
    const { id, privateKey } = await this.#keysOf(issuer);
    return new SignJWT(claims).setProtectedHeader({ alg: ALGORITHM, kid: id, typ: 'JWT' }).sign(privateKey);
  }

  #times(): { readonly iat: number; readonly exp: number } {
    const iat = Math.floor(this.#clock.now() / 1000);
    return { iat, exp: iat + TOKEN_LIFETIME_SECONDS };
  }

  async #keysOf(issuer: IssuerName): Promise<Keys> {
    if (issuer === 'google') return this.#keys;
    return (this.#userKeys ??= keysIn(this.#state, issuer));
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

  /** The keys that verify the ID tokens of the issuer, as Google publishes them. */
  async publicKeys(issuer: IssuerName = 'google'): Promise<JSONWebKeySet> {
    const { id: kid, publicKey } = await this.#keysOf(issuer);
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

async function keysIn(state: State, issuer: IssuerName): Promise<Keys> {
  const table = TABLES[issuer];
  state.sql.exec(`
    CREATE TABLE IF NOT EXISTS ${table} (
      id TEXT PRIMARY KEY, private_pem TEXT NOT NULL, public_pem TEXT NOT NULL
    ) STRICT`);
  return (await readKeys(state, table)) ?? (await makeKeys(state, table));
}

async function readKeys(state: State, table: string): Promise<Keys | undefined> {
  const row = state.sql.prepare(`SELECT id, private_pem, public_pem FROM ${table}`).get();
  if (row === undefined) return undefined;
  const privatePem = String(row['private_pem']);
  return {
    id: String(row['id']),
    privatePem,
    privateKey: await importPKCS8(privatePem, ALGORITHM),
    publicKey: await importSPKI(String(row['public_pem']), ALGORITHM, { extractable: true }),
  };
}

async function makeKeys(state: State, table: string): Promise<Keys> {
  const { privateKey, publicKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  const privatePem = await exportPKCS8(privateKey);
  const publicPem = await exportSPKI(publicKey);
  const id = createHash('sha1').update(publicPem).digest('hex');
  state.sql.prepare(`INSERT INTO ${table} VALUES (?, ?, ?)`).run(id, privatePem, publicPem);
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
