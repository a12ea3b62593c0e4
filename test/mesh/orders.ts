// How the mesh's tests give orders: as the operator's command does, to the function, with a token of one's own.
import assert from 'node:assert/strict';
import { callFunction } from '../../shared/google/functions.ts';
import { auditBucketOf } from '../../shared/deployment.ts';
import { gcsStore } from '../../shared/google/storage.ts';
import { listAudit, type AuditEntry } from '../../shared/orders/audit.ts';
import { orderIdOf, orderResult, type OrderResult } from '../../shared/orders/order.ts';
import { LOCAL_PROJECT } from '../../cli/local-mesh.ts';
import type { MeshGround } from './ground.ts';

export const OPERATOR = 'operator@local';

let orders = 0;
/** An order's id; each is later than the one before. */
export const nextId = (): string => orderIdOf(Date.UTC(2026, 10, 21) + 1000 * ++orders, 'test');

/** Gives an order for carmila, and gives what came of it. */
export async function give(mesh: MeshGround, wish: Readonly<Record<string, unknown>>): Promise<OrderResult> {
  const ofLetters = 'letters' in wish;
  const body = { id: nextId(), reason: 'a test', ...(ofLetters ? {} : { pipeline: 'carmila' }), ...wish };
  return orderResult.parse(await callFunction(mesh.cloud.functionUrl('take-orders'), body));
}

export async function done(mesh: MeshGround, wish: Readonly<Record<string, unknown>>): Promise<OrderResult> {
  const result = await give(mesh, wish);
  assert.equal(result.result, 'done', result.said);
  return result;
}

export async function refused(mesh: MeshGround, wish: Readonly<Record<string, unknown>>): Promise<string> {
  const { result, said } = await give(mesh, wish);
  assert.equal(result, 'refused', said);
  return said;
}

export const auditOf = ({ cloud }: MeshGround): Promise<readonly AuditEntry[]> => {
  const google = { GOOGLE_CLOUD_PROJECT: LOCAL_PROJECT, GOOGLE_API_ENDPOINT: cloud.endpoint };
  const audit = gcsStore(auditBucketOf(LOCAL_PROJECT), google);
  return listAudit({ audit, now: () => Date.now() }, 'carmila', 100);
};
