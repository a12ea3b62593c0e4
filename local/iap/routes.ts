// The keys of the proxy's assertions, as Google publishes them; and, for the owner, the address of a person.
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { OPERATOR } from '../http/api.ts';
import { forbidden } from '../http/errors.ts';
import type { Iap } from './iap.ts';

export const personAddress = z.object({ address: z.url() });

export const personPath = (email: string): string => `/local/iap/${encodeURIComponent(email)}`;

export function iapRoutes(app: FastifyInstance, iap: Iap): void {
  app.get('/iap/verify/public_key-jwk', async (_request, reply) =>
    reply.header('cache-control', 'public, max-age=600').send(await iap.publicKeys()),
  );
  // Not Google's: a person signs in there, and here the owner of this machine chooses one.
  app.get('/local/iap/:email', async (request): Promise<z.infer<typeof personAddress>> => {
    if (request.caller !== OPERATOR) throw forbidden(`${request.caller} is not the owner of this machine`);
    const { email } = request.params as { email: string };
    return { address: await iap.addressFor(email) };
  });
}
