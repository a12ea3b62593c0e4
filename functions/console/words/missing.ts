// What a page says of a part that could not be read: which one, why, and what to do next.
import type { ErrorCode } from '../../../shared/error-codes.ts';
import { fr } from '../../../shared/page/french.ts';
import type { Translated } from '../../../shared/page/languages.ts';

export type PartName =
  | 'pipeline'
  | 'publications'
  | 'run'
  | 'check'
  | 'rows'
  | 'ledger'
  | 'executions'
  | 'commands'
  | 'log'
  | 'trace'
  | 'page';

export type NextStep = 'reload' | 'grant' | 'restore' | 'lookUp';

/** Whatever has no line here is looked up by its code. */
export const NEXT_STEPS: Partial<Record<ErrorCode, NextStep>> = {
  SERVICE_UNAVAILABLE: 'reload',
  TRANSIENT_FAILURE: 'reload',
  PERMISSION_DENIED: 'grant',
  OBJECT_MALFORMED: 'restore',
};

interface MissingWords {
  /** Each is followed by the code and the reason. */
  readonly unread: Readonly<Record<PartName, string>>;
  /** What is shown in its place. */
  readonly instead: Partial<Record<PartName, string>>;
  readonly next: Readonly<Record<NextStep, string>>;
  /** The state of a pipeline that could not be read. */
  readonly unknown: string;
}

export const MISSING: Translated<MissingWords> = {
  en: {
    unread: {
      pipeline: 'Where the pipeline stands could not be read',
      publications: 'What is published could not be read from the ledger',
      run: 'The files and the end of the run could not be read',
      check: 'The publication could not be checked',
      rows: 'The stored rows could not be read',
      ledger: 'The ledger could not be read',
      executions: 'What its runs have cost could not be read',
      commands: 'The last commands on dead letters could not be read',
      log: 'The log could not be read',
      trace: 'The trace could not be read',
      page: 'What this page is about could not be read',
    },
    instead: {
      ledger: 'The newest publication that the runs have recorded is shown; another may have followed.',
      log: '“Why?” has the command that reads it in a terminal.',
      trace: 'Only the timeline is shown.',
    },
    next: {
      reload: 'Reload the page in a moment.',
      grant:
        'Grant the right that the reason names to the account of the console, or deploy again. Then reload the page.',
      restore: 'Restore the version of the object before it; docs/RESTORE.md says how. Then reload the page.',
      lookUp: 'The runbook says what to do about this code.',
    },
    unknown: 'not readable',
  },
  fr: {
    unread: {
      pipeline: 'L’état du pipeline n’a pas pu être lu',
      publications: 'Ce qui est publié n’a pas pu être lu dans le registre',
      run: 'Les fichiers et la fin de l’exécution n’ont pas pu être lus',
      check: 'La publication n’a pas pu être vérifiée',
      rows: 'Les lignes stockées n’ont pas pu être lues',
      ledger: 'Le registre n’a pas pu être lu',
      executions: 'Le coût de ses exécutions n’a pas pu être lu',
      commands: 'Les dernières commandes sur les messages morts n’ont pas pu être lues',
      log: 'Le journal n’a pas pu être lu',
      trace: 'La trace n’a pas pu être lue',
      page: 'Ce que cette page montre n’a pas pu être lu',
    },
    instead: {
      ledger: fr`La dernière publication que les exécutions ont enregistrée est affichée ; une autre a pu suivre.`,
      log: fr`« Pourquoi ? » contient la commande qui le lit dans un terminal.`,
      trace: 'Seule la chronologie est affichée.',
    },
    next: {
      reload: 'Rechargez la page dans un instant.',
      grant:
        'Accordez au compte de la console le droit que la raison nomme, ou déployez à nouveau. Puis rechargez la page.',
      restore: fr`Restaurez la version précédente de l’objet ; docs/RESTORE.md dit comment. Puis rechargez la page.`,
      lookUp: 'Le guide d’exploitation dit que faire pour ce code.',
    },
    unknown: 'illisible',
  },
};
