// What the page of a plan says.
import { fr } from '../../../shared/page/french.ts';
import type { Translated } from '../../../shared/page/languages.ts';

interface PlanWords {
  readonly title: (kind: 'replay' | 'rollback') => string;
  readonly hash: string;
  readonly comparedWith: string;
  readonly nothing: string;
  readonly isNewer: string;
  readonly scanned: string;
  readonly files: string;
  readonly column: (column: string) => string;
  readonly more: (count: string) => string;
  readonly noChange: string;
  readonly publishes: string;
  readonly apply: string;
  readonly outdated: (before: string, now: string, by: string) => string;
  readonly plannedBy: string;
}

const ENGLISH: PlanWords = {
  title: (kind) => (kind === 'rollback' ? 'Plan of a rollback to run' : 'Plan of a replay of run'),
  hash: 'Plan',
  comparedWith: 'Compared with',
  nothing: 'nothing',
  isNewer: 'It is newer than this run: what it published would be replaced by what is older.',
  scanned: 'Bytes to scan',
  files: 'Files',
  column: (column) => `Rows in which ${column} changes`,
  more: (count) => `and ${count} more`,
  noChange: 'No row changes.',
  publishes: 'Stored objects that would be published',
  apply: 'Publish exactly this',
  outdated: (before, now, by) =>
    `This plan is outdated: it was compared with ${before}, and the newest publication is ${now}${by}. Nothing can be published by it.`,
  plannedBy: 'Planned by',
};

const FRENCH: PlanWords = {
  title: (kind) =>
    kind === 'rollback'
      ? 'Plan d’un retour en arrière à l’exécution'
      : 'Plan d’une nouvelle publication de l’exécution',
  hash: 'Plan',
  comparedWith: 'Comparé à',
  nothing: 'rien',
  isNewer: fr`Elle est plus récente que cette exécution : ce qui est publié serait remplacé par du plus ancien.`,
  scanned: 'Octets à lire',
  files: 'Fichiers',
  column: (column) => `Lignes où ${column} change`,
  more: (count) => `et ${count} de plus`,
  noChange: 'Aucune ligne ne change.',
  publishes: 'Objets conservés qui seraient publiés',
  apply: 'Publier exactement ceci',
  outdated: (before, now, by) =>
    fr`Ce plan est périmé : il a été comparé à ${before}, et la dernière publication est ${now}${by}. Il ne peut plus être publié.`,
  plannedBy: 'Planifié par',
};

export const PLAN_WORDS: Translated<PlanWords> = { en: ENGLISH, fr: FRENCH };
