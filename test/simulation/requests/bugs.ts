// Bugs of requested runs to plant, one at a time: the simulation must find each of them.
import type { Bug } from '../plant.ts';

export const REQUESTS_BUGS: readonly Bug[] = [
  {
    name: 'entry-first',
    seed: 1,
    about: 'the entry leaves the queue before the outcome stands',
    file: 'functions/start-run/dispatch/end.ts',
    snippet: '  const stands = await recordOutcome(ports.runs, made);\n',
    instead: '  await leaveQueue(made, ports);\n  const stands = await recordOutcome(ports.runs, made);\n',
  },
  {
    name: 'end-unannounced',
    seed: 1,
    about: 'the entry is deleted before the end is announced',
    file: 'functions/start-run/dispatch/end.ts',
    snippet:
      '  await runEnded.publish(announcementOf(ended));\n  // A lost answer needs no settling: an entry that is still there is deleted by a later call.\n  await requests.remove(name, entry.generation);\n',
    instead:
      '  await requests.remove(name, entry.generation);\n  await runEnded.publish(announcementOf(ended));\n',
  },
  {
    name: 'start-gate-ignored',
    seed: 1,
    about: 'a run starts although a cancel passed the start gate first',
    file: 'functions/start-run/dispatch/carry-out.ts',
    snippet: 'endAtGates({ start, approval: undefined })',
    instead: "endAtGates({ start: start.kind === 'cancel' ? undefined : start, approval: undefined })",
  },
  {
    name: 'conflict-taken-for-landed',
    seed: 1,
    about: "a decider takes another's decision of the same number for its own",
    file: 'shared/requests/decisions.ts',
    snippet: 'return stands.value.token === state.token;',
    instead: 'return true;',
  },
  {
    name: 'approval-ignored',
    seed: 1,
    about: 'a request starts before it is approved',
    file: 'functions/start-run/dispatch/check.ts',
    snippet: "entry.approval === 'before-start' && approval === undefined ? 'unapproved' : 'startable'",
    instead: "'startable'",
  },
  {
    name: 'one-slot-too-many',
    seed: 1,
    about: 'one run more than the concurrency is started',
    file: 'shared/requests/decide.ts',
    snippet: 'bounds.concurrency - kept.length',
    instead: 'bounds.concurrency + 1 - kept.length',
  },
  {
    name: 'slot-freed-early',
    seed: 1,
    about: 'a slot is freed while an execution of its run may live',
    file: 'functions/start-run/dispatch/judge.ts',
    snippet: "running.length === 0 && isSettled(observed, bounds) ? 'free' : 'wait'",
    instead: "'free'",
  },
  {
    name: 'slot-kept',
    seed: 1,
    about: 'the slot of a run that ended is never freed',
    file: 'functions/start-run/dispatch/judge.ts',
    snippet: "running.length === 0 && isSettled(observed, bounds) ? 'free' : 'wait'",
    instead: "'wait'",
  },
  {
    name: 'first-come',
    seed: 1,
    about: 'the owner whose turn it is may start without a deficit',
    file: 'shared/requests/round-robin.ts',
    snippet: '    if (place.deficit < weight) return this.#pass();\n',
    instead: '',
  },
  {
    name: 'outcome-not-read',
    seed: 1,
    about: 'a repeated key is accepted again although its run has ended',
    file: 'functions/accept-requests/accept.ts',
    snippet: '  if (ended !== undefined) {\n',
    instead: '  if (ended === null) {\n',
  },
];
