// What the screens are called.
import { fr } from '../../../shared/page/french.ts';
import type { Translated } from '../../../shared/page/languages.ts';

export const SCREENS = {
  now: { en: 'Now', fr: 'Maintenant' },
  right: { en: 'Is it right?', fr: fr`Est-ce juste ?` },
  runs: { en: 'Runs', fr: 'Exécutions' },
  forecast: { en: 'Forecast', fr: 'Prévision' },
  changes: { en: 'What changed', fr: 'Ce qui a changé' },
  sources: { en: 'Sources', fr: 'Sources' },
  commands: { en: 'Commands', fr: 'Commandes' },
  deadLetters: { en: 'Dead letters', fr: 'Messages morts' },
  audit: { en: 'Audit', fr: 'Audit' },
  requests: { en: 'Requests', fr: 'Demandes' },
  models: { en: 'Models', fr: 'Modèles' },
  map: { en: 'Map', fr: 'Plan' },
  cost: { en: 'Cost', fr: 'Coûts' },
  rights: { en: 'Rights', fr: 'Droits' },
} as const satisfies Readonly<Record<string, Translated<string>>>;
