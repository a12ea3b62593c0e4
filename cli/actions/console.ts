// Prints the address of the console of the local cloud for a person.
import { z } from 'zod';
import { OPERATOR } from '../../local/http/api.ts';
import { personAddress, personPath } from '../../local/iap/routes.ts';
import { ConfigurationError } from '../../shared/errors.ts';
import type { Target } from '../target.ts';
import type { Sluice } from '../verbs/verb.ts';

export async function printConsole(sluice: Sluice, target: Target, as: string | undefined): Promise<void> {
  if (target.logFolder === undefined)
    throw new ConfigurationError(
      'sluice console prints an address of the local cloud alone; for a project, type ' +
        "gcloud run services describe console --format='value(status.url)'",
    );
  if (target.opened !== undefined)
    throw new ConfigurationError('the console is open while the mesh runs; run npm start first');
  const person = personOf(as);
  const { origin } = new URL(target.functionUrl('console'));
  const answer = await fetch(`${origin}${personPath(person)}`);
  if (!answer.ok) {
    const refused = refusal.safeParse(await answer.json().catch(() => undefined));
    throw new ConfigurationError(
      `the console has no address: ${refused.data?.error.message ?? answer.statusText}`,
    );
  }
  const { address } = personAddress.parse(await answer.json());
  sluice.report({ address, person }, address);
}

const refusal = z.object({ error: z.object({ message: z.string() }) });

const ADDRESS = /^[^\s,@]{1,64}@[^\s,@]{1,255}$/;

/** An empty SLUICE_AS names no one. */
function personOf(as: string | undefined): string {
  if (as === undefined || as === '') return OPERATOR;
  if (ADDRESS.test(as)) return as;
  throw new ConfigurationError(`--as is "${as.slice(0, 100)}"; expected an address such as ada@example.com`);
}
