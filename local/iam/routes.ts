// How the owner of this machine calls as another identity: each has a port of its own. Not Google's.
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { forbidden } from '../http/errors.ts';
import { OPERATOR } from '../http/api.ts';

export const identityEndpoint = z.object({ endpoint: z.url() });

export const identityPath = (email: string): string => `/local/identities/${encodeURIComponent(email)}`;

/** Adds the route that answers the owner, and no other caller, with an identity's port. */
export function identityRoutes(app: FastifyInstance, portOf: (email: string) => Promise<number>): void {
  app.get('/local/identities/:email', async (request): Promise<z.infer<typeof identityEndpoint>> => {
    if (request.caller !== OPERATOR) throw forbidden(`${request.caller} is not the owner of this machine`);
    const { email } = request.params as { email: string };
    return { endpoint: `http://127.0.0.1:${await portOf(email)}` };
  });
}
