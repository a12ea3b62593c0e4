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
  /** Each is followed by the reason. */
  readonly unread: Readonly<Record<PartName, string>>;
  readonly next: Readonly<Record<NextStep, string>>;
  /** The state of a pipeline that could not be read. */
  readonly unknown: string;
}

export const MISSING: Translated<MissingWords> = {
  en: {
    unread: {
      pipeline: 'Where the pipeline stands could not be read:',
      publications: 'What is published could not be read from the ledger:',
      run: 'The files and the end of the run could not be read:',
      check: 'The publication could not be checked:',
      rows: 'The stored rows could not be read:',
      ledger:
        'The ledger could not be read. This is the newest publication that the runs have recorded; another may have followed:',
      executions: 'What its runs have cost could not be read:',
      commands: 'The last commands on dead letters could not be read:',
      log: 'The log could not be read; ask in a terminal:',
      trace: 'The trace could not be read, so only the timeline is shown:',
      page: 'What this page is about could not be read:',
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
      pipeline: fr`L’état du pipeline n’a pas pu être lu :`,
      publications: fr`Ce qui est publié n’a pas pu être lu dans le registre :`,
      run: fr`Les fichiers et la fin de l’exécution n’ont pas pu être lus :`,
      check: fr`La publication n’a pas pu être vérifiée :`,
      rows: fr`Les lignes stockées n’ont pas pu être lues :`,
      ledger: fr`Le registre n’a pas pu être lu. Voici la dernière publication que les exécutions ont enregistrée ; une autre a pu suivre :`,
      executions: fr`Le coût de ses exécutions n’a pas pu être lu :`,
      commands: fr`Les dernières commandes sur les messages morts n’ont pas pu être lues :`,
      log: fr`Le journal n’a pas pu être lu ; demandez dans un terminal :`,
      trace: fr`La trace n’a pas pu être lue ; seule la chronologie est affichée :`,
      page: fr`Ce que cette page montre n’a pas pu être lu :`,
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
