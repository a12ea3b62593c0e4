// What the screens of requested runs say.
import { fr } from '../../../shared/page/french.ts';
import type { Translated } from '../../../shared/page/languages.ts';
import type { Approval } from '../reading/line.ts';

export interface RequestWords {
  readonly executing: string;
  readonly slots: (used: number, all: number) => string;
  readonly noSlot: string;
  readonly owners: string;
  readonly owner: string;
  readonly ownerNote: string;
  readonly waiting: string;
  readonly noneWaits: string;
  readonly waits: (count: number) => string;
  readonly since: string;
  readonly accepted: string;
  readonly expires: string;
  readonly expected: string;
  readonly estimate: string;
  readonly cost: string;
  readonly costSoFar: string;
  readonly maxCost: string;
  readonly spent: string;
  readonly spentToday: string;
  readonly spentOf: (spent: string, bound: string, day: string) => string;
  readonly perOwner: (bound: string) => string;
  readonly approval: string;
  readonly approvals: Readonly<Record<Approval, string>>;
  readonly priority: string;
  readonly preset: string;
  readonly jobs: (day: string) => string;
  readonly noJobs: string;
  readonly day: string;
  readonly dayBefore: string;
  readonly dayAfter: string;
  readonly state: string;
  readonly filtered: (shown: number, read: number) => string;
  readonly isPart: string;
  readonly unreadable: string;
  readonly job: string;
  readonly requester: string;
  readonly history: string;
  readonly gates: string;
  readonly gate: string;
  readonly result: string;
  readonly bytes: (count: string) => string;
  readonly erased: string;
  readonly notShown: string;
  readonly basis: (runs: number) => string;
  readonly filterOwner: string;
  readonly all: string;
}

export const REQUEST_WORDS: Translated<RequestWords> = {
  en: {
    executing: 'Executing',
    slots: (used, all) => `${used} of ${all} slots are used.`,
    noSlot: 'No run executes.',
    owners: 'Owners',
    owner: 'Owner',
    ownerNote: 'An owner is a hash of the issuer and the subject of a token: the queue holds no address.',
    waiting: 'Waiting',
    noneWaits: 'No request waits.',
    waits: (count) => `${count} ${count === 1 ? 'request waits' : 'requests wait'} for a slot.`,
    since: 'Since',
    accepted: 'Accepted',
    expires: 'Expires',
    expected: 'Expected cost',
    estimate: 'Estimate',
    cost: 'Cost',
    costSoFar: 'Cost so far',
    maxCost: 'Maximum cost',
    spent: 'Started today',
    spentToday: 'Spending of the day',
    spentOf: (spent, bound, day) =>
      `${spent} of ${bound} were started on ${day} (UTC). A request that would exceed a bound waits.`,
    perOwner: (bound) => `An owner may start ${bound} a day.`,
    approval: 'Approval',
    approvals: { none: 'not needed', missing: 'is missing', given: 'given', rejected: 'rejected' },
    priority: 'Priority',
    preset: 'Preset',
    jobs: (day) => `Jobs accepted on ${day} (UTC)`,
    noJobs: 'No job was accepted that day.',
    day: 'Day (UTC)',
    dayBefore: 'Day before',
    dayAfter: 'Day after',
    state: 'State',
    filtered: (shown, read) => `${shown} of the ${read} jobs of this page.`,
    isPart: 'There are more than are shown: the list is cut at its bound.',
    unreadable: 'Unreadable entries of the queue',
    job: 'Job',
    requester: 'Requested by',
    history: 'What happened',
    gates: 'Gates',
    gate: 'Gate',
    result: 'Result',
    bytes: (count) => `${count} bytes`,
    erased: 'The requester has erased what was sent and the result.',
    notShown: 'What was sent, and the result, are never shown here: the requester reads and erases them.',
    basis: (runs) => (runs === 0 ? 'without history' : `from ${runs} finished runs`),
    filterOwner: 'Owner',
    all: 'all',
  },
  fr: {
    executing: 'En cours',
    slots: (used, all) => `${used} ${used < 2 ? 'place occupée' : 'places occupées'} sur ${all}.`,
    noSlot: 'Aucune exécution en cours.',
    owners: 'Propriétaires',
    owner: 'Propriétaire',
    ownerNote: fr`Un propriétaire est un condensé de l’émetteur et du sujet d’un jeton : la file ne contient aucune adresse.`,
    waiting: 'En attente',
    noneWaits: 'Aucune demande n’attend.',
    waits: (count) => `${count} ${count < 2 ? 'demande attend' : 'demandes attendent'} une place.`,
    since: 'Depuis',
    accepted: 'Acceptée',
    expires: 'Expire',
    expected: 'Coût attendu',
    estimate: 'Estimation',
    cost: 'Coût',
    costSoFar: 'Coût à ce jour',
    maxCost: 'Coût maximal',
    spent: 'Démarré aujourd’hui',
    spentToday: 'Dépenses du jour',
    spentOf: (spent, bound, day) =>
      `${spent} sur ${bound} démarrés le ${day} (UTC). Une demande qui dépasserait une limite attend.`,
    perOwner: (bound) => `Un propriétaire peut démarrer ${bound} par jour.`,
    approval: 'Approbation',
    approvals: { none: 'inutile', missing: 'manquante', given: 'donnée', rejected: 'refusée' },
    priority: 'Priorité',
    preset: 'Préréglage',
    jobs: (day) => `Demandes acceptées le ${day} (UTC)`,
    noJobs: 'Aucune demande acceptée ce jour-là.',
    day: 'Jour (UTC)',
    dayBefore: 'Jour précédent',
    dayAfter: 'Jour suivant',
    state: 'État',
    filtered: (shown, read) => `${shown} des ${read} demandes de cette page.`,
    isPart: fr`Il y en a plus que ce qui est affiché : la liste est coupée à sa limite.`,
    unreadable: 'Entrées illisibles de la file',
    job: 'Demande',
    requester: 'Demandé par',
    history: 'Ce qui s’est passé',
    gates: 'Barrières',
    gate: 'Barrière',
    result: 'Résultat',
    bytes: (count) => `${count} octets`,
    erased: 'Le demandeur a effacé ce qui a été envoyé et le résultat.',
    notShown: fr`Ce qui a été envoyé et le résultat ne sont jamais affichés ici : le demandeur les lit et les efface.`,
    basis: (runs) => (runs === 0 ? 'sans historique' : `d’après ${runs} exécutions terminées`),
    filterOwner: 'Propriétaire',
    all: 'tous',
  },
};
