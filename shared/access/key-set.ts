// The public keys of an issuer of tokens: fetched, kept, and fetched again when the issuer has rotated them.
import { createLocalJWKSet, errors, type CryptoKey, type JSONWebKeySet, type LocalJWKSet } from 'jose';
import { messageOf, TransientError } from '../errors.ts';

export interface KeySetPorts {
  readonly fetchKeys: () => Promise<JSONWebKeySet>;
  readonly now: () => number;
}

/** The port to the issuers: fetches their keys as they are now. */
export interface IssuerKeys {
  readonly google: () => Promise<JSONWebKeySet>;
  readonly identityPlatform: () => Promise<JSONWebKeySet>;
  /** Of Identity-Aware Proxy. */
  readonly iap: () => Promise<JSONWebKeySet>;
}

export interface KeyHeader {
  readonly alg?: string;
  readonly kid?: string;
}

/** Issuers publish a new key long before they sign with it. */
const KEPT_MS = 600_000;
/** While the issuer cannot be reached, its last keys count this long. */
const LONGEST_KEPT_MS = 86_400_000;
/** Tokens with invented key ids must not become requests to the issuer (law 10). */
const BETWEEN_FETCHES_MS = 30_000;

interface Fetched {
  readonly find: LocalJWKSet;
  readonly atMs: number;
}

/**
 * Finds the key of a token by its id alone; a token never brings its own key or the address of one.
 *
 *     known key, fetched a moment ago ▸ that one
 *     unknown key, or keys of 10 minutes ▸ fetch, unless that was tried within 30 s ▸ that one, or none
 */
export class KeySet {
  readonly #ports: KeySetPorts;
  #fetched: Fetched | undefined;
  #triedAtMs = -Infinity;
  #fetching: Promise<void> | undefined;

  constructor(ports: KeySetPorts) {
    this.#ports = ports;
  }

  /** Undefined: the issuer has no such key. Throws `TransientError` while no keys can be had. */
  async find(header: KeyHeader): Promise<CryptoKey | undefined> {
    const { now } = this.#ports;
    const isOld = this.#fetched === undefined || now() - this.#fetched.atMs >= KEPT_MS;
    if (isOld) await this.#fetch();
    const key = await this.#known(header);
    if (key !== undefined || isOld) return key;
    await this.#fetch();
    return this.#known(header);
  }

  async #known(header: KeyHeader): Promise<CryptoKey | undefined> {
    const fetched = this.#fetched;
    if (fetched === undefined || this.#ports.now() - fetched.atMs >= LONGEST_KEPT_MS)
      throw new TransientError('the keys of the issuer cannot be fetched; try again in a moment', {
        code: 'SERVICE_UNAVAILABLE',
      });
    try {
      return await fetched.find({ alg: header.alg ?? '', kid: header.kid ?? '' });
    } catch (error) {
      if (error instanceof errors.JOSEError) return undefined;
      throw error;
    }
  }

  /** One fetch at a time, which all callers wait for. A failed one is tried again after the pause. */
  #fetch(): Promise<void> {
    if (this.#fetching !== undefined) return this.#fetching;
    const nowMs = this.#ports.now();
    if (nowMs - this.#triedAtMs < BETWEEN_FETCHES_MS) return Promise.resolve();
    this.#triedAtMs = nowMs;
    this.#fetching = this.#ports
      .fetchKeys()
      .then((keys) => {
        this.#fetched = { find: createLocalJWKSet(keys), atMs: nowMs };
      })
      .catch((error: unknown) => {
        // Without any keys the caller learns of it; with older ones these still count.
        if (this.#fetched === undefined)
          throw new TransientError(`the keys of the issuer cannot be fetched: ${messageOf(error)}`, {
            cause: error,
            code: 'SERVICE_UNAVAILABLE',
          });
      })
      .finally(() => (this.#fetching = undefined));
    return this.#fetching;
  }
}
