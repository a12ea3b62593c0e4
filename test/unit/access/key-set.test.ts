// The keys of an issuer: when they are fetched, how often at most, and what a failure changes.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { KeySet } from '../../../shared/access/key-set.ts';
import { TransientError } from '../../../shared/errors.ts';

const MINUTE = 60_000;

describe('the keys of an issuer', () => {
  let [first, second]: JWK[] = [];
  before(async () => {
    [first, second] = await Promise.all(
      ['k1', 'k2'].map(async (kid) => {
        const { publicKey } = await generateKeyPair('RS256', { extractable: true });
        return { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' };
      }),
    );
  });

  function issuer() {
    const state = { nowMs: 0, fetches: 0, keys: [first!], isAway: false };
    const keys = new KeySet({
      now: () => state.nowMs,
      fetchKeys: async () => {
        state.fetches += 1;
        if (state.isAway) throw new Error('the issuer is away');
        return { keys: state.keys };
      },
    });
    const has = async (kid: string) => (await keys.find({ alg: 'RS256', kid })) !== undefined;
    return { state, has };
  }

  test('are fetched once for ten minutes, however many ask at once', async () => {
    const { state, has } = issuer();
    assert.deepEqual(await Promise.all([has('k1'), has('k1'), has('k1')]), [true, true, true]);
    state.nowMs += 9 * MINUTE;
    assert.equal(await has('k1'), true);
    assert.equal(state.fetches, 1);
    state.nowMs += MINUTE;
    assert.equal(await has('k1'), true);
    assert.equal(state.fetches, 2);
  });

  test('are fetched again for a key that is not among them: a rotation', async () => {
    const { state, has } = issuer();
    assert.equal(await has('k1'), true);
    state.keys = [first!, second!];
    state.nowMs += MINUTE;
    assert.equal(await has('k2'), true);
    assert.equal(state.fetches, 2);
  });

  test('are not fetched for every invented key: once in 30 seconds at most', async () => {
    const { state, has } = issuer();
    for (let second = 0; second < 60; second += 1) {
      assert.equal(await has(`invented-${second}`), false);
      state.nowMs += 1000;
    }
    assert.equal(state.fetches, 2);
    assert.equal(await has('k1'), true);
  });

  test('that were revoked no longer count after the next fetch', async () => {
    const { state, has } = issuer();
    assert.equal(await has('k1'), true);
    state.keys = [second!];
    state.nowMs += 10 * MINUTE;
    assert.equal(await has('k1'), false);
  });

  test('count for a day while the issuer is away, and then no longer', async () => {
    const { state, has } = issuer();
    assert.equal(await has('k1'), true);
    state.isAway = true;
    state.nowMs += 60 * MINUTE;
    assert.equal(await has('k1'), true);
    state.nowMs += 24 * 60 * MINUTE;
    await assert.rejects(has('k1'), TransientError);
    state.isAway = false;
    state.nowMs += MINUTE;
    assert.equal(await has('k1'), true);
  });

  test('that were never fetched are an error that passes', async () => {
    const { state, has } = issuer();
    state.isAway = true;
    await assert.rejects(has('k1'), TransientError);
    await assert.rejects(has('k1'), TransientError);
    assert.equal(state.fetches, 1);
    state.isAway = false;
    state.nowMs += MINUTE;
    assert.equal(await has('k1'), true);
  });

  test('of another algorithm or kind are no keys', async () => {
    const { state, has } = issuer();
    state.keys = [
      { ...first!, alg: 'RS512' },
      { kty: 'oct', k: 'c2VjcmV0', kid: 'k2', alg: 'RS256' },
    ];
    assert.deepEqual([await has('k1'), await has('k2')], [false, false]);
  });
});
