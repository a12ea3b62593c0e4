// What the screen Models says.
import { fr } from '../../../shared/page/french.ts';
import type { Translated } from '../../../shared/page/languages.ts';

export interface ModelWords {
  readonly intro: string;
  readonly noModel: string;
  readonly champion: string;
  readonly version: string;
  readonly since: string;
  readonly madeBy: string;
  readonly kinds: Readonly<Record<string, string>>;
  readonly pin: string;
  readonly notPinned: string;
  readonly pinned: string;
  readonly served: string;
  readonly servedNote: string;
  readonly differs: string;
  readonly drift: string;
  readonly driftNote: (rows: string) => string;
  readonly noDrift: string;
  readonly earlier: string;
  readonly noEarlier: string;
  readonly candidates: string;
  readonly sameRows: string;
  /** Why two rows are not compared with each other. */
  readonly otherRows: string;
  readonly otherMetrics: string;
  /** In place of when it was trained. */
  readonly notKept: string;
  readonly noCandidate: string;
  readonly recipe: string;
  readonly trained: string;
  readonly champions: (metric: string) => string;
  readonly is: string;
  readonly isChampion: string;
  readonly isRegistered: string;
  readonly better: Readonly<Record<'lower' | 'higher', string>>;
  readonly verbs: Readonly<Record<'pin' | 'unpin' | 'rollback', string>>;
  readonly metrics: string;
  readonly metric: string;
  readonly value: string;
  readonly isPart: string;
  readonly permalink: string;
  readonly past: string;
}

export const MODEL_WORDS: Translated<ModelWords> = {
  en: {
    intro: 'Every candidate is registered; the better one of candidate and champion is current.',
    noModel: 'No model was published yet.',
    champion: 'Champion',
    version: 'Version',
    since: 'Current since',
    madeBy: 'Made current by',
    kinds: { run: 'a training', replay: 'a replay', rollback: 'a rollback' },
    pin: 'Pin',
    notPinned: 'It is not pinned: a better candidate takes its place.',
    pinned: 'Pinned by',
    served: 'What services follow',
    servedNote:
      'Services follow this pointer within seconds of a request, and state the version with each answer. The console may not call them.',
    differs: 'The pointer does not show the newest entry of the ledger yet; the next sweep moves it.',
    drift: 'Drift',
    driftNote: (rows) => `Its own predictions since it was trained, on ${rows} rows that it had not seen:`,
    noDrift: 'No drift is recorded by the newest training.',
    earlier: 'Versions that were current before',
    noEarlier: 'No other version was current before.',
    candidates: 'Candidates',
    sameRows: 'Each row measures a candidate and the champion of that time on the same rows.',
    otherRows:
      'Numbers of different rows of this table were measured at different times, and do not compare.',
    otherMetrics: 'Other metrics',
    notKept: 'its measurements are not kept',
    noCandidate: 'No candidate is registered.',
    recipe: 'Recipe',
    trained: 'Trained',
    champions: (metric) => `${metric} of the champion`,
    is: 'Is',
    isChampion: 'champion',
    isRegistered: 'registered',
    better: { lower: 'lower is better', higher: 'higher is better' },
    verbs: { pin: 'Pin the champion', unpin: 'Take the pin away', rollback: 'Roll back to this version' },
    metrics: 'All metrics',
    metric: 'Metric',
    value: 'Value',
    isPart: 'The ledger has older entries than are read here: an earlier version is reached by a permalink.',
    permalink: 'As it was then',
    past: 'The models as they were after that publication; the pointer is shown only for now.',
  },
  fr: {
    intro: fr`Chaque candidat est enregistré ; le meilleur du candidat et du champion devient actuel.`,
    noModel: 'Aucun modèle n’a encore été publié.',
    champion: 'Champion',
    version: 'Version',
    since: 'Actuel depuis',
    madeBy: 'Rendu actuel par',
    kinds: { run: 'un entraînement', replay: 'une nouvelle publication', rollback: 'un retour en arrière' },
    pin: 'Épingle',
    notPinned: fr`Il n’est pas épinglé : un meilleur candidat prend sa place.`,
    pinned: 'Épinglé par',
    served: 'Ce que suivent les services',
    servedNote:
      'Les services suivent ce pointeur quelques secondes après une requête et indiquent la version dans chaque réponse. La console ne peut pas les appeler.',
    differs: fr`Le pointeur ne montre pas encore la dernière entrée du registre ; le prochain balayage le déplace.`,
    drift: 'Dérive',
    driftNote: (rows) =>
      fr`Ses propres prédictions depuis son entraînement, sur ${rows} lignes qu’il n’avait pas vues :`,
    noDrift: 'Le dernier entraînement n’a enregistré aucune dérive.',
    earlier: 'Versions précédentes',
    noEarlier: 'Il n’y a aucune version précédente.',
    candidates: 'Candidats',
    sameRows: 'Chaque rangée mesure un candidat et le champion de ce moment sur les mêmes lignes.',
    otherRows: fr`Les nombres de rangées différentes ont été mesurés à des moments différents : ils ne se comparent pas.`,
    otherMetrics: 'Autres mesures',
    notKept: 'ses mesures ne sont plus conservées',
    noCandidate: 'Aucun candidat n’est enregistré.',
    recipe: 'Recette',
    trained: 'Entraîné',
    champions: (metric) => `${metric} du champion`,
    is: 'Est',
    isChampion: 'champion',
    isRegistered: 'enregistré',
    better: { lower: 'le plus bas est le meilleur', higher: 'le plus haut est le meilleur' },
    verbs: {
      pin: 'Épingler le champion',
      unpin: 'Retirer l’épingle',
      rollback: 'Revenir à cette version',
    },
    metrics: 'Toutes les mesures',
    metric: 'Mesure',
    value: 'Valeur',
    isPart: fr`Le registre a des entrées plus anciennes que celles lues ici : un lien permanent mène à une version antérieure.`,
    permalink: 'Tel qu’alors',
    past: fr`Les modèles tels qu’après cette publication ; le pointeur n’est montré que pour maintenant.`,
  },
};
