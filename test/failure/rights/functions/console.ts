// The work of the console that its rights are there for: what people see, and a command that it passes on.
import { OPERATOR, PIPELINE, type RightsSetup } from '../setup.ts';
import { type Done, type FunctionWorks, type Work } from '../work.ts';

const open = async ({ mesh }: Pick<RightsSetup, 'mesh'>, path: string, init: RequestInit = {}) => {
  const address = await mesh.cloud.iap.addressFor(OPERATOR);
  return { address, answer: await fetch(`${address}${path}`, { ...init, redirect: 'manual' }) };
};

/** A page that is shown without one of its parts names its problem, and is not the whole page. */
async function reads(setup: RightsSetup, path: string): Promise<Done> {
  const { answer } = await open(setup, path, { headers: { accept: 'application/json' } });
  const message = await answer.text();
  return { isDone: answer.status === 200 && !hasProblem(JSON.parse(message)), message };
}

const hasProblem = (page: unknown): boolean =>
  typeof page === 'object' &&
  page !== null &&
  Object.entries(page).some(([name, value]) => (name === 'problem' && value !== null) || hasProblem(value));

const showing: Work = {
  what: 'a person opens the console, which shows what runs',
  needs: ['console-iap-invoker', `console-user:${OPERATOR}`, 'console-reads-runs'],
  attempt: (setup) => reads(setup, '/'),
};

const showingOutputs: Work = {
  what: 'the console shows a run with what its job wrote',
  needs: ['console-reads-results'],
  attempt: (setup) => reads(setup, `/p/${PIPELINE}/runs/${setup.published}`),
};

const showingPublications: Work = {
  what: 'the console shows what is published',
  needs: ['console-makes-jobs', 'console-reads-ledger'],
  attempt: (setup) => reads(setup, `/p/${PIPELINE}`),
};

const showingAudit: Work = {
  what: 'the console shows the audit record',
  needs: ['console-reads-audit'],
  attempt: (setup) => reads(setup, `/p/${PIPELINE}/audit`),
};

const showingLog: Work = {
  what: "the console shows what a run's job printed",
  needs: ['console-reads-logs'],
  async attempt(setup) {
    const done = await reads(setup, `/p/${PIPELINE}/runs/${setup.published}/log`);
    const { lines } = JSON.parse(done.message) as { readonly lines: readonly object[] };
    return { ...done, isDone: done.isDone && lines.length > 0 };
  },
};

const showingTrace: Work = {
  what: 'the console shows the trace of a run',
  needs: ['console-reads-traces'],
  async attempt(setup) {
    const done = await reads(setup, `/p/${PIPELINE}/runs/${setup.published}/trace`);
    const { rows } = JSON.parse(done.message) as { readonly rows: readonly object[] };
    return { ...done, isDone: done.isDone && rows.length > 0 };
  },
};

/** Pauses the pipeline by the form, as a browser sends it. */
const commanding: Work = {
  what: 'the console passes on the command of a person',
  needs: ['handle-commands-console-invoker'],
  async attempt(setup) {
    const path = `/p/${PIPELINE}/commands/new/pause`;
    const form = await open(setup, `${path}.json`);
    const { id, seen } = (await form.answer.json()) as { id: string; seen: string };
    const { answer } = await open(setup, path, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        origin: form.address,
        'sec-fetch-site': 'same-origin',
      },
      body: new URLSearchParams({ id, seen, reason: 'a test' }).toString(),
    });
    return { isDone: answer.status === 303, message: `${answer.status} ${await answer.text()}` };
  },
};

export default {
  works: [showing, showingOutputs, showingPublications, showingAudit, showingLog, showingTrace, commanding],
  traced: commanding,
} satisfies FunctionWorks;
