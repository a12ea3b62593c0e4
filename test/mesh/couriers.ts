// Brings what Google's couriers bring: pushes and events at a function's door, under the courier's own identity.
import assert from 'node:assert/strict';
import { fromInside } from '../../local/functions/inside.ts';
import type { MeshGround } from './ground.ts';

export interface Parcel {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  /** Below the function's address; a push endpoint names its topic there. */
  readonly path?: string;
}

/** Posts it to the function, with an identity token for it, and gives the status that it answered. */
export async function deliver(
  mesh: MeshGround,
  name: string,
  { headers, body, path = '' }: Parcel,
): Promise<number> {
  const url = mesh.cloud.functionUrl(name);
  const courier = `sluice-courier@${mesh.cloud.projectId}.iam.gserviceaccount.com`;
  const { GCE_METADATA_HOST: host } = await mesh.cloud.envOf(courier);
  const identity = `http://${host}/computeMetadata/v1/instance/service-accounts/default/identity`;
  const token = await fetch(`${identity}?audience=${encodeURIComponent(url)}`, {
    headers: { 'metadata-flavor': 'Google' },
  });
  assert.equal(token.status, 200);
  const authorization = `Bearer ${await token.text()}`;
  const send = fromInside(async (request) => {
    const answer = await fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...request.headers, authorization },
      body: JSON.stringify(body),
    });
    return answer.status;
  });
  return send({ headers });
}

type Attributes = Readonly<Record<string, string>>;

/** A CloudEvent in binary mode: its attributes are headers, and the body is its data. */
export const binary = (attributes: Attributes, data: unknown): Parcel => ({
  headers: Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`ce-${name}`, value])),
  body: data,
});

/** A CloudEvent in structured mode: all of it is the body. */
export const structured = (attributes: Attributes, data: unknown): Parcel => ({
  headers: { 'content-type': 'application/cloudevents+json; charset=utf-8' },
  body: { ...attributes, datacontenttype: 'application/json', data },
});

/** A Pub/Sub push without any CloudEvent around it. */
export const push = (message: object): Parcel => ({
  headers: {},
  path: '/projects/p/topics/load-requested',
  body: { message, subscription: 'projects/p/subscriptions/load-requested-to-load-output' },
});
