// Who sends a command: an operator by a token, or a person by an assertion that the console passes on, and no one else.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JSONWebKeySet } from 'jose';
import { checkFresh, mayCommand, senderOf } from '../../../functions/handle-commands/sender.ts';
import { PASSED_ON } from '../../../shared/access/assertion.ts';
import { KeySet } from '../../../shared/access/key-set.ts';
import { commandIdOf, commandTimeOf } from '../../../shared/commands/command.ts';
import { PermanentError, TransientError } from '../../../shared/errors.ts';

const NOW = Date.UTC(2026, 10, 27, 12);
const CONSOLE = 'sluice-console@project.iam.gserviceaccount.com';
const AUDIENCE = '/projects/123/locations/europe-west1/services/console';
const OPERATORS = ['ada@example.org'];

const bearer = (email: string): string =>
  `Bearer header.${Buffer.from(JSON.stringify({ email })).toString('base64url')}.SIGNATURE_REMOVED_BY_GOOGLE`;

describe('the sender of a command', () => {
  let key: CryptoKey;
  let keys: JSONWebKeySet;
  before(async () => {
    const pair = await generateKeyPair('ES256', { extractable: true });
    key = pair.privateKey;
    keys = { keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'k', alg: 'ES256' }] };
  });

  const now = () => NOW;
  const assertionOf = (email: string, { audience = AUDIENCE, at = NOW } = {}) =>
    new SignJWT({ email })
      .setProtectedHeader({ alg: 'ES256', kid: 'k' })
      .setIssuer('https://cloud.google.com/iap')
      .setAudience(audience)
      .setSubject('accounts.google.com:1')
      .setIssuedAt(at / 1000)
      .setExpirationTime(at / 1000 + 600)
      .sign(key);
  const sender = (
    caller: string,
    assertion?: string,
    account = CONSOLE,
    fetchKeys = () => Promise.resolve(keys),
  ) =>
    senderOf(
      { authorization: bearer(caller), ...(assertion !== undefined && { [PASSED_ON]: assertion }) },
      { account, operators: OPERATORS, audience: AUDIENCE, keys: new KeySet({ fetchKeys, now }), now },
    );
  const refused = (code: string, ...given: Parameters<typeof sender>) =>
    assert.rejects(sender(...given), (error: PermanentError) => {
      assert.ok(error instanceof PermanentError, String(error));
      assert.equal(error.code, code, error.message);
      return true;
    });

  test('is the operator whose token the call carries', async () => {
    assert.deepEqual(await sender('grace@example.org'), { by: 'grace@example.org', through: undefined });
  });

  test('is the person whose fresh assertion the console passes on', async () => {
    const assertion = await assertionOf('Ada@example.org');
    assert.deepEqual(await sender(CONSOLE, assertion), { by: 'ada@example.org', through: 'console' });
  });

  test('is never the console itself', async () => {
    await refused('CALLER_UNKNOWN', CONSOLE);
    await refused('CALLER_UNKNOWN', CONSOLE, '');
    await refused('CALLER_UNKNOWN', CONSOLE, 'forged');
  });

  test('is never a person by an old assertion, or by one for another service', async () => {
    await refused('CALLER_UNKNOWN', CONSOLE, await assertionOf('ada@example.org', { at: NOW - 3_600_000 }));
    await refused(
      'CALLER_UNKNOWN',
      CONSOLE,
      await assertionOf('ada@example.org', { audience: '/projects/1' }),
    );
  });

  test('reads as any person of the proxy, and commands only as one whom the stack lists', async () => {
    const reader = await sender(CONSOLE, await assertionOf('eve@example.org'));
    assert.deepEqual(reader, { by: 'eve@example.org', through: 'console' });
    const operators = { operators: OPERATORS };
    assert.throws(
      () => mayCommand(reader, operators),
      (error: PermanentError) => error.code === 'CALLER_NOT_ALLOWED',
    );
    mayCommand({ by: 'ada@example.org', through: 'console' }, operators);
    // With a token of its own: Cloud Run has checked that it may invoke the function.
    mayCommand({ by: 'grace@example.org', through: undefined }, operators);
  });

  test('is no one where another account passes an assertion on, or there is no console', async () => {
    const assertion = await assertionOf('ada@example.org');
    await refused('CALLER_UNKNOWN', 'grace@example.org', assertion);
    await refused('CALLER_UNKNOWN', CONSOLE, assertion, 'none');
  });

  test('is unknown while the keys cannot be had, and another try can help', async () => {
    const assertion = await assertionOf('ada@example.org');
    await assert.rejects(
      sender(CONSOLE, assertion, CONSOLE, () => Promise.reject(new Error('no'))),
      TransientError,
    );
  });

  test('sends a command within minutes of the page that showed it; an operator has as long as it takes', () => {
    const through = { by: 'ada@example.org', through: 'console' };
    const id = commandIdOf(NOW, '3fa9c1d2');
    assert.equal(commandTimeOf(id), NOW);
    checkFresh(id, through, NOW + 14 * 60_000);
    assert.throws(() => checkFresh(id, through, NOW + 16 * 60_000), PermanentError);
    assert.throws(() => checkFresh(id, through, NOW - 16 * 60_000), PermanentError);
    checkFresh(id, { by: 'ada@example.org', through: undefined }, NOW + 86_400_000);
  });
});
