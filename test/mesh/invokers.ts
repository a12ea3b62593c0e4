// Sends what Google's services send: pushes and events to a function's endpoint, under the pubsub-invoker's identity.
import assert from 'node:assert/strict';
import { fromInside } from '../../local/functions/inside.ts';
import type { RunningMesh } from './start-mesh.ts';

export interface Parcel {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  /** Below the function's address; a push endpoint names its topic there. */
  readonly path?: string;
}

/** A request as it goes over the wire. */
export interface Call {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** Behind the function's own address, as a subscription's endpoint names its topic. */
  readonly path?: string;
}

export const PUBSUB_INVOKER = 'sluice-pubsub-invoker';

/** A token that Google would give that identity, or that person. */
export async function bearerOf(
  { cloud }: Pick<RunningMesh, 'cloud'>,
  email: string,
  audience: string,
): Promise<string> {
  const { GCE_METADATA_HOST: host } = await cloud.envOf(email);
  const identity = `http://${host}/computeMetadata/v1/instance/service-accounts/default/identity`;
  const token = await fetch(`${identity}?audience=${encodeURIComponent(audience)}&format=full`, {
    headers: { 'metadata-flavor': 'Google' },
  });
  assert.equal(token.status, 200);
  return `Bearer ${await token.text()}`;
}

/** Sends it as one of the mesh's identities, with a token for the function, and gives what it answered. */
export async function call(
  mesh: RunningMesh,
  name: string,
  email: string,
  { method, headers, body, path = '' }: Call,
): Promise<{ readonly status: number; readonly text: string }> {
  const url = mesh.cloud.functionUrl(name);
  const authorization = await bearerOf(mesh, email, url);
  let text = '';
  const send = fromInside(async (request) => {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: { ...request.headers, authorization },
      ...(body === undefined ? {} : { body }),
    });
    text = await answer.text();
    return answer.status;
  });
  return { status: await send({ headers: { ...headers } }), text };
}

export const accountOf = ({ cloud }: RunningMesh, name: string): string =>
  `${name}@${cloud.projectId}.iam.gserviceaccount.com`;

/** Posts it to the function as the pubsub-invoker, and gives the status that it answered. */
export async function deliver(
  mesh: RunningMesh,
  name: string,
  { headers, body, path = '' }: Parcel,
): Promise<number> {
  const json = { 'content-type': 'application/json', ...headers };
  const posted = { method: 'POST', headers: json, body: JSON.stringify(body), path };
  return (await call(mesh, name, accountOf(mesh, PUBSUB_INVOKER), posted)).status;
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
  body: { message, subscription: 'projects/p/subscriptions/load-requested-to-publish-output' },
});
