// What people do, drawn from the seed before anything happens: analysts in the folder, operators at the mesh, scientists at its models.
import { TROUBLES } from './content.ts';
import { drawn } from './decisions.ts';
import { FLUX, OPENINGS, TRANSCO, type SimulatedFolder } from './folder.ts';

const MINUTE_MS = 60_000;
export const START_MS = Date.UTC(2025, 0, 6);
export const FIRST_TICK_MS = START_MS + 7 * MINUTE_MS;
export const TICK_EVERY_MS = 30 * MINUTE_MS;

/** The files that the pipeline needs, by id. */
export const NEEDED: Readonly<Record<string, string>> = { flux: FLUX, transco: TRANSCO, openings: OPENINGS };
const EXTRAS = ['flux-2024', 'second-transco', 'owner', 'notes'];

/** What people wait for: a job has written its output, or a run has ended and given back its lease. */
export type Occasion = 'output' | 'end';

/** What an operator can reach. */
export interface Operations {
  readonly folder: SimulatedFolder;
  readonly now: () => number;
  readonly replay: (o: {
    pick: number;
    nonce: string | undefined;
    allowOlder: boolean;
    rollback: boolean;
    times: number;
  }) => void;
  readonly pin: (o: { pick: number; nonce: string; pinned: boolean; times: number }) => void;
  /** Back to one of the publications of runs, whether its model was ever current or not. */
  readonly rollBackModel: (o: { pick: number; to: number; nonce: string; times: number }) => void;
  readonly cancel: (pick: number) => void;
  readonly force: (nonce: string) => void;
  readonly poison: (pick: number) => void;
}

export interface Action {
  readonly key: string;
  readonly kind: string;
  readonly atMs: number;
  /** Not at once, but `soonMs` after the next one. */
  readonly at?: { readonly occasion: Occasion; readonly soonMs: number };
  readonly act: (operations: Operations) => void;
}

type Draw = (what: string) => number;
interface Step {
  readonly kind: string;
  readonly act: (operations: Operations) => void;
  /** Not at any time, but so long after the next tick but one. */
  readonly atTick?: number;
  readonly at?: Action['at'];
}

type Maker = (draw: Draw, number: number) => Step[];

const fileOf = (draw: Draw): string => pick(Object.keys(NEEDED), draw('file'));
const pick = <T>(items: readonly T[], chance: number): T => items[Math.floor(chance * items.length)] as T;

/** Gives every needed file back its place and name, and takes the others away. */
export function mend({ folder, now }: Pick<Operations, 'folder' | 'now'>, nowMs = now()): void {
  for (const [id, name] of Object.entries(NEEDED)) {
    if (folder.placeOf(id) === 'deleted') folder.edit(id, `again at ${nowMs}`, nowMs);
    folder.rename(id, name, nowMs);
    folder.move(id, 'folder', nowMs);
  }
  for (const id of EXTRAS) folder.move(id, 'elsewhere', nowMs);
}

const one = (kind: string, act: (operations: Operations) => void) => [{ kind, act }];

const editing: Maker = (draw, number) => {
  const id = fileOf(draw);
  return one(`edits ${id}`, ({ folder, now }) => folder.edit(id, `edit ${number}`, now()));
};

const troubling: Maker = (draw, number) => {
  const id = fileOf(draw);
  const trouble = pick(TROUBLES, draw('trouble'));
  return one(`makes ${id} ${trouble}`, ({ folder, now }) =>
    folder.edit(id, `edit ${number} ${trouble}`, now()),
  );
};

/** Something is away for a while, and usually comes back as it was. */
const taking: Maker = (draw) => {
  const id = fileOf(draw);
  const how = pick(['rename', 'elsewhere', 'elsewhere', 'trash', 'deleted'] as const, draw('how'));
  const away = {
    kind: how === 'rename' ? `renames ${id}` : `moves ${id} to ${how}`,
    act: ({ folder, now }: Operations) =>
      how === 'rename' ? folder.rename(id, `old ${NEEDED[id]}`, now()) : folder.move(id, how, now()),
  };
  return draw('comes back') < 0.8 ? [away, { kind: 'puts things right', act: mend }] : [away];
};

const adding: Maker = (draw, number) => {
  const what = pick(EXTRAS, draw('extra'));
  const names = ['2024 flux quotidiens.xlsx', TRANSCO, '~$Transco.xlsx', 'notes.docx'];
  const name = names[EXTRAS.indexOf(what)] ?? '';
  const added = {
    kind: `adds ${name} (${what})`,
    act: ({ folder, now }: Operations) => {
      folder.add(what, name, `extra ${number}`, false, now());
      folder.move(what, 'folder', now());
    },
  };
  return draw('is taken away') < 0.7 ? [added, { kind: 'puts things right', act: mend }] : [added];
};

const saving: Maker = (draw, number) => {
  const id = fileOf(draw);
  return Array.from({ length: 4 }, (_, time) => ({
    kind: `saves ${id} again`,
    act: ({ folder, now }: Operations) => folder.edit(id, `edit ${number} ${time % 2}`, now()),
  }));
};

/** Something is saved at the very moment at which it is frozen, and then as it was before. */
const meddling: Maker = (draw, number) => {
  const id = fileOf(draw);
  const save = (text: string) => ({
    kind: `saves ${id} as ${text}`,
    act: ({ folder, now }: Operations) => folder.edit(id, text, now()),
  });
  const [text, other] = [`edit ${number}`, `edit ${number} meddled with`];
  return [save(text), { ...save(other), atTick: 2500 * draw('moment') }, save(text)];
};

const dating: Maker = (draw, number) => {
  const id = fileOf(draw);
  return one(`saves ${id} with a wrong clock`, ({ folder, now }) =>
    folder.edit(id, `edit ${number}`, now(), now() + Math.round((draw('off') - 0.3) * 1e10)),
  );
};

const replaying: Maker = (draw, number) => {
  const allowOlder = draw('over newer') < 0.5;
  const asked = {
    pick: draw('which'),
    nonce: draw('named') < 0.7 ? `replay-${number}` : undefined,
    allowOlder,
    rollback: allowOlder && draw('rolls back') < 0.3,
    times: draw('twice') < 0.3 ? 2 : 1,
  };
  const does = asked.rollback ? 'rolls back to' : 'replays';
  return one(`${does} a run${allowOlder ? ' over newer' : ''}`, ({ replay }) => replay(asked));
};

/** A replay, or a way back, at the moment at which a run is about to be published. */
const replayingBeside: Maker = (draw, number) =>
  replaying(draw, number).map(({ kind, act }) => ({
    kind: `${kind}, beside another`,
    at: { occasion: 'output', soonMs: draw('soon') * 15_000 },
    act,
  }));

/** The champion is held for a while, or for good. */
const pinning: Maker = (draw, number) => {
  const asked = (pinned: boolean) => ({
    kind: pinned ? 'pins the champion' : 'takes the pin away',
    act: ({ pin }: Operations) =>
      pin({
        pick: draw('which'),
        nonce: `${pinned ? 'pin' : 'unpin'}-${number}`,
        pinned,
        times: draw('twice') < 0.3 ? 2 : 1,
      }),
  });
  return draw('for good') < 0.3 ? [asked(true)] : [asked(true), asked(false)];
};

/** A pin at the moment at which a run is about to be published. */
const pinningBeside: Maker = (draw, number) =>
  pinning(draw, number).map(({ kind, act }) => ({
    kind: `${kind}, beside another`,
    at: { occasion: 'output', soonMs: draw('soon') * 15_000 },
    act,
  }));

/** An operator does not trust the champion: an earlier one comes back, now or as a run is about to be published. */
const rollingBackModel: Maker = (draw, number) => {
  const asked = {
    ...{ pick: draw('which'), to: draw('to'), nonce: `rollback-${number}` },
    times: draw('twice') < 0.3 ? 2 : 1,
  };
  const act = ({ rollBackModel }: Operations) => rollBackModel(asked);
  const at = { occasion: 'output', soonMs: draw('soon') * 15_000 } as const;
  return [
    {
      kind: 'rolls the model back',
      act,
      ...(draw('beside another') < 0.5 ? { at } : {}),
    },
  ];
};

const cancelling: Maker = (draw) => one('cancels an execution', ({ cancel }) => cancel(draw('which')));

const forcing: Maker = (draw, number) =>
  one('forces runs', ({ force }) => {
    const nonces = [`force-${number}`, `force-${number}${draw('same') < 0.3 ? '' : '-again'}`];
    for (const nonce of nonces.slice(0, draw('twice') < 0.6 ? 2 : 1)) force(nonce);
  });

/** One run ends, the next one is asked for, and again and again, since nothing seems to happen. */
const forcingAtEnd: Maker = (draw, number) =>
  [0, 40_000 * draw('again'), 60_000 * draw('once more')].map((laterMs, time) => ({
    kind: 'forces a run as one ends',
    at: { occasion: 'end', soonMs: draw('soon') * 5000 + laterMs },
    act: ({ force }) => force(`force-${number}-at-end-${time + 1}`),
  }));

const poisoning: Maker = (draw) => one('sends a poison message', ({ poison }) => poison(draw('which')));

const ANALYSTS: readonly (readonly [number, Maker])[] = [
  [0.42, editing],
  [0.12, troubling],
  [0.2, taking],
  [0.1, adding],
  [0.05, saving],
  [0.07, meddling],
  [0.04, dating],
];
const OPERATORS: readonly (readonly [number, Maker])[] = [
  [0.26, replaying],
  [0.18, replayingBeside],
  [0.14, cancelling],
  [0.2, forcing],
  [0.16, forcingAtEnd],
  [0.06, poisoning],
];
const SCIENTISTS: readonly (readonly [number, Maker])[] = [
  [0.5, pinning],
  [0.5, pinningBeside],
];

const REVIEWERS: readonly (readonly [number, Maker])[] = [[1, rollingBackModel]];

const tickAfter = (ms: number): number =>
  FIRST_TICK_MS + Math.ceil((ms - FIRST_TICK_MS) / TICK_EVERY_MS) * TICK_EVERY_MS;

/** All that people do within `lengthMs`, each at its time. */
export function actionsOf(seed: number, startMs: number, lengthMs: number, mayCancel: boolean): Action[] {
  const chance = (key: string) => drawn(seed, key);
  const actions: Action[] = [];
  const make = (who: string, count: number, makers: readonly (readonly [number, Maker])[]): void => {
    for (let number = 1; number <= count; number++) {
      const key = `${who} ${number}`;
      const draw: Draw = (what) => chance(`${key} ${what}`);
      const maker = makerFor(makers, draw('does'));
      if (maker === cancelling && !mayCancel) continue;
      let atMs = startMs + draw('when') * lengthMs;
      for (const [step, { kind, act, atTick, at }] of maker(draw, number).entries()) {
        if (atTick !== undefined) atMs = tickAfter(atMs + 5 * MINUTE_MS) + atTick;
        else if (step > 0 && at === undefined) atMs += draw(`step ${step}`) ** 2 * 40 * MINUTE_MS;
        if (atMs < startMs + lengthMs)
          actions.push({
            ...{ key: step === 0 ? key : `${key}, step ${step + 1}`, kind, atMs, act },
            ...(at === undefined ? {} : { at }),
          });
      }
    }
  };
  make('analyst', 3 + Math.floor(chance('analysts') * 6), ANALYSTS);
  make('operator', Math.floor(chance('operators') * 6), OPERATORS);
  make('scientist', Math.floor(chance('scientists') * 2.5), SCIENTISTS);
  make('reviewer', Math.floor(chance('reviewers') * 2), REVIEWERS);
  return actions.sort((a, b) => a.atMs - b.atMs);
}

function makerFor(makers: readonly (readonly [number, Maker])[], chance: number): Maker {
  let left = chance;
  for (const [share, maker] of makers) {
    if (left < share) return maker;
    left -= share;
  }
  return editing;
}
