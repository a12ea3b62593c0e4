// Traces of a function that may end before it is called for real work: the exporter is loaded with the first work that is traced.
import type { Process, Tracing } from '../functions/adapters.ts';
import { lazily, once } from './lazily.ts';

const exporter = lazily(() => import('./tracing.ts'));

/** As `openTracing` of `tracing.ts`; before the first work, nothing is traced. */
export const lazyTracing: Process['openTracing'] = (component, config, log): Tracing => {
  const whole = once(async () => (await exporter()).openTracing(component, config, log));
  return { during: async (work) => (await whole()).during(work) };
};
