// What the page of the drills says, and what happened, in the reader's language.
import { fr } from '../../shared/page/french.ts';
import type { Translated } from '../../shared/page/languages.ts';
import type { DrillName } from './catalog.ts';

/** Something that happened, as data: it is said in the language of who reads it. */
export type Happening =
  | { readonly kind: 'planned'; readonly drill: DrillName; readonly pipeline: string }
  | { readonly kind: 'outage'; readonly drill: DrillName; readonly seconds: number }
  | { readonly kind: 'struck'; readonly drill: DrillName }
  | { readonly kind: 'requested'; readonly run: string; readonly pipeline: string }
  | { readonly kind: 'not-requested' }
  | { readonly kind: 'swept'; readonly status: number };

export interface DrillText {
  readonly title: string;
  readonly what: string;
  readonly recovery: string;
}

export interface DrillWords {
  readonly drills: string;
  readonly console: string;
  readonly skip: string;
  readonly otherLanguage: string;
  readonly intro: string;
  readonly watch: string;
  readonly onlyHere: string;
  readonly failures: string;
  readonly happened: string;
  readonly sweep: string;
  readonly stop: string;
  readonly recovery: string;
  readonly pipeline: string;
  readonly start: string;
  readonly colon: string;
  readonly of: Readonly<Record<DrillName, DrillText>>;
  readonly said: (happening: Happening) => string;
}

const ENGLISH_DRILLS: DrillWords['of'] = {
  'crashed-function': {
    title: 'A function crashes',
    what: 'publish-output is killed while it publishes, just after BigQuery did what it was asked.',
    recovery:
      'Pub/Sub delivers the message again. The next instance attaches to the work that is there, and publishes once.',
  },
  'lost-answer': {
    title: 'An answer is lost',
    what: 'The outcome of the run is written, and the answer to the write never arrives.',
    recovery: 'The function cannot know, so it reads the object back and finds its own write.',
  },
  'doubled-delivery': {
    title: 'A message comes twice',
    what: 'The message that asks start-run to begin the run is delivered two times.',
    recovery: 'The second delivery attaches to the execution of the first: one execution runs.',
  },
  'dropped-delivery': {
    title: 'A message is lost',
    what: 'The message that asks start-run to begin the run never comes.',
    recovery:
      'The next sweep finds the run overdue and calls start-run itself: within ten minutes, or at once by "Run the sweep now".',
  },
  'killed-job': {
    title: 'A job is killed',
    what: 'The process of the job is killed as it reads its first object.',
    recovery: 'The end of the execution starts a sweep, which submits the next attempt of the run.',
  },
  'service-down': {
    title: 'A service is down for a minute',
    what: 'Each call of the mesh to BigQuery is answered with 503 for 60 seconds.',
    recovery:
      'Pub/Sub delivers again with growing pauses; the first delivery after the minute publishes. Nothing published changes meanwhile.',
  },
};

const FRENCH_DRILLS: DrillWords['of'] = {
  'crashed-function': {
    title: 'Une fonction plante',
    what: 'publish-output est tuée pendant qu’elle publie, juste après que BigQuery a fait ce qu’on lui demandait.',
    recovery:
      'Pub/Sub livre le message à nouveau. L’instance suivante se rattache au travail déjà fait, et publie une seule fois.',
  },
  'lost-answer': {
    title: 'Une réponse se perd',
    what: 'L’issue de l’exécution est écrite, et la réponse à cette écriture n’arrive jamais.',
    recovery: fr`La fonction ne peut pas savoir : elle relit l’objet et y trouve sa propre écriture.`,
  },
  'doubled-delivery': {
    title: 'Un message arrive deux fois',
    what: 'Le message qui demande à start-run de commencer l’exécution est livré deux fois.',
    recovery: fr`La deuxième livraison se rattache au job de la première : un seul job tourne.`,
  },
  'dropped-delivery': {
    title: 'Un message se perd',
    what: 'Le message qui demande à start-run de commencer l’exécution n’arrive jamais.',
    recovery: fr`Le prochain balayage trouve l’exécution en retard et appelle start-run lui-même : dans les dix minutes, ou aussitôt par « Lancer le balayage ».`,
  },
  'killed-job': {
    title: 'Un job est tué',
    what: 'Le processus du job est tué quand il lit son premier objet.',
    recovery: 'La fin du job déclenche un balayage, qui soumet la tentative suivante de l’exécution.',
  },
  'service-down': {
    title: 'Un service est en panne pendant une minute',
    what: 'Chaque appel du maillage à BigQuery reçoit la réponse 503 pendant 60 secondes.',
    recovery: fr`Pub/Sub livre à nouveau, à intervalles croissants ; la première livraison après cette minute publie. Rien de ce qui est publié ne change entre-temps.`,
  },
};

const inEnglish = (happening: Happening): string => {
  const title = 'drill' in happening ? ENGLISH_DRILLS[happening.drill].title : '';
  switch (happening.kind) {
    case 'planned':
      return `${title}: planned for the next run of ${happening.pipeline}.`;
    case 'outage':
      return `${title}: from now on, for ${happening.seconds} seconds.`;
    case 'struck':
      return `${title}: it struck. Now the mesh recovers.`;
    case 'requested':
      return `Run ${happening.run} of ${happening.pipeline} is requested.`;
    case 'not-requested':
      return 'No run was requested: ';
    case 'swept':
      return `The sweep answered ${happening.status}.`;
  }
};

const inFrench = (happening: Happening): string => {
  const title = 'drill' in happening ? FRENCH_DRILLS[happening.drill].title : '';
  switch (happening.kind) {
    case 'planned':
      return fr`${title} : prévu pour la prochaine exécution de ${happening.pipeline}.`;
    case 'outage':
      return fr`${title} : à partir de maintenant, pendant ${happening.seconds} secondes.`;
    case 'struck':
      return fr`${title} : c’est arrivé. Le maillage se rétablit.`;
    case 'requested':
      return `L’exécution ${happening.run} de ${happening.pipeline} est demandée.`;
    case 'not-requested':
      return fr`Aucune exécution n’a été demandée : `;
    case 'swept':
      return `Le balayage a répondu ${happening.status}.`;
  }
};

export const DRILL_WORDS: Translated<DrillWords> = {
  en: {
    drills: 'Drills',
    console: 'Console',
    skip: 'Skip to the content',
    otherLanguage: 'Français',
    intro:
      'Choose a failure. It strikes the next run of the pipeline, which is requested at once, and the mesh recovers by itself.',
    watch: 'Watch it on the pages of the console',
    onlyHere: 'This page exists on this machine alone: the failures are those of the local cloud.',
    failures: 'Failures',
    happened: 'What happened',
    sweep: 'Run the sweep now',
    stop: 'Take back what has not struck',
    recovery: 'Recovery.',
    pipeline: 'Pipeline',
    start: 'Start',
    colon: ': ',
    of: ENGLISH_DRILLS,
    said: inEnglish,
  },
  fr: {
    drills: 'Exercices',
    console: 'Console',
    skip: 'Aller au contenu',
    otherLanguage: 'English',
    intro:
      'Choisissez une panne. Elle frappe la prochaine exécution du pipeline, demandée aussitôt, et le maillage se rétablit de lui-même.',
    watch: 'Suivez-la sur les pages de la console',
    onlyHere: fr`Cette page n’existe que sur cette machine : les pannes sont celles du cloud local.`,
    failures: 'Pannes',
    happened: 'Ce qui s’est passé',
    sweep: 'Lancer le balayage',
    stop: 'Retirer ce qui n’a pas encore frappé',
    recovery: 'Rétablissement.',
    pipeline: 'Pipeline',
    start: 'Démarrer',
    colon: fr` : `,
    of: FRENCH_DRILLS,
    said: inFrench,
  },
};
