// The assertions of the local Identity-Aware Proxy: signed by a key that is made once and kept in the state.
import { createHash } from 'node:crypto';
import {
  type CryptoKey,
  exportJWK,
  exportPKCS8,
  exportSPKI,
  generateKeyPair,
  importPKCS8,
  importSPKI,
  type JSONWebKeySet,
  SignJWT,
} from 'jose';
import type { Clock } from '../clock.ts';
import type { State } from '../state/state.ts';

const ALGORITHM = 'ES256';
const ISSUER = 'https://cloud.google.com/iap';
/** Google signs each request anew, for ten minutes. */
export const LIFETIME_SECONDS = 600;

interface Keys {
  readonly id: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
}

export class Assertions {
  readonly #state: State;
  readonly #clock: Clock;
  #keys: Promise<Keys> | undefined;

  constructor(state: State, clock: Clock) {
    this.#state = state;
    this.#clock = clock;
    state.sql.exec(`
      CREATE TABLE IF NOT EXISTS iap_keys (
        id TEXT PRIMARY KEY, private_pem TEXT NOT NULL, public_pem TEXT NOT NULL
      ) STRICT`);
  }

  /** What the proxy passes on for a person who is signed in: `audience` names the service. */
  async mint(email: string, audience: string): Promise<string> {
    const { id, privateKey } = await this.#opened();
    const nowSeconds = Math.floor(this.#clock.now() / 1000);
    return new SignJWT({ email })
      .setProtectedHeader({ alg: ALGORITHM, kid: id, typ: 'JWT' })
      .setIssuer(ISSUER)
      .setAudience(audience)
      .setSubject(subjectOf(email))
      .setIssuedAt(nowSeconds)
      .setExpirationTime(nowSeconds + LIFETIME_SECONDS)
      .sign(privateKey);
  }

  async publicKeys(): Promise<JSONWebKeySet> {
    const { id: kid, publicKey } = await this.#opened();
    return { keys: [{ ...(await exportJWK(publicKey)), kid, alg: ALGORITHM, use: 'sig' }] };
  }

  /** Most clouds need no key: it is made when it is first asked for. */
  #opened(): Promise<Keys> {
    return (this.#keys ??= this.#read().then((kept) => kept ?? this.#make()));
  }

  async #read(): Promise<Keys | undefined> {
    const row = this.#state.sql.prepare('SELECT id, private_pem, public_pem FROM iap_keys').get();
    if (row === undefined) return undefined;
    return {
      id: String(row['id']),
      privateKey: await importPKCS8(String(row['private_pem']), ALGORITHM),
      publicKey: await importSPKI(String(row['public_pem']), ALGORITHM, { extractable: true }),
    };
  }

  async #make(): Promise<Keys> {
    const { privateKey, publicKey } = await generateKeyPair(ALGORITHM, { extractable: true });
    const [privatePem, publicPem] = [await exportPKCS8(privateKey), await exportSPKI(publicKey)];
    const id = createHash('sha1').update(publicPem).digest('hex');
    this.#state.sql.prepare('INSERT INTO iap_keys VALUES (?, ?, ?)').run(id, privatePem, publicPem);
    return { id, privateKey, publicKey };
  }
}

/** `accounts.google.com:` and the digits of the account, which never change. */
function subjectOf(email: string): string {
  const digits = BigInt(`0x${createHash('sha256').update(email).digest('hex')}`) % 10n ** 20n;
  return `accounts.google.com:1${digits.toString().padStart(20, '0')}`;
}
