// The keys that Google manages for each service account: made when an account first signs, and kept in the state.
import { createSign, createVerify, generateKeyPairSync } from 'node:crypto';
import type { State } from '../state/state.ts';

const ALGORITHM = 'RSA-SHA256';

/** Signs as an account, and verifies what it signed. No private key leaves it. */
export class AccountKeys {
  readonly #state: State;

  constructor(state: State) {
    this.#state = state;
    state.sql.exec(`
      CREATE TABLE IF NOT EXISTS iam_account_keys (
        email TEXT PRIMARY KEY, private_pem TEXT NOT NULL, public_pem TEXT NOT NULL
      ) STRICT`);
  }

  sign(email: string, bytes: Buffer): Buffer {
    return createSign(ALGORITHM)
      .update(bytes)
      .sign((this.#find(email) ?? this.#make(email)).privatePem);
  }

  /** An account that never signed has no key, and no valid signature. */
  verifies(email: string, bytes: Buffer, signature: Buffer): boolean {
    const keys = this.#find(email);
    return keys !== undefined && createVerify(ALGORITHM).update(bytes).verify(keys.publicPem, signature);
  }

  #find(email: string): { readonly privatePem: string; readonly publicPem: string } | undefined {
    const row = this.#state.sql
      .prepare('SELECT private_pem, public_pem FROM iam_account_keys WHERE email = ?')
      .get(email);
    return row && { privatePem: String(row['private_pem']), publicPem: String(row['public_pem']) };
  }

  #make(email: string) {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    });
    this.#state.sql
      .prepare('INSERT INTO iam_account_keys VALUES (?, ?, ?)')
      .run(email, privateKey, publicKey);
    return { privatePem: privateKey, publicPem: publicKey };
  }
}
