// What the screen Map says.
import { fr } from '../../../shared/page/french.ts';
import type { Flow, NodeKind } from '../../../shared/functions/described.ts';
import type { Translated } from '../../../shared/page/languages.ts';

export interface MapWords {
  readonly intro: string;
  readonly around: (node: string) => string;
  readonly whole: string;
  readonly of: string;
  readonly ofAll: string;
  readonly kinds: Readonly<Record<NodeKind, string>>;
  readonly flows: Readonly<Record<Flow, string>>;
  readonly legend: string;
  readonly list: (count: number) => string;
  readonly name: string;
  readonly kind: string;
  readonly purpose: string;
  readonly from: string;
  readonly to: string;
  readonly written: string;
  readonly rights: string;
  readonly readme: string;
  readonly scroll: string;
  readonly isPart: string;
}

export const MAP_WORDS: Translated<MapWords> = {
  en: {
    intro:
      'How a run moves: from its source through functions, topics and jobs to what is published. Choose a box to see more of it.',
    around: (node) => `Everything that ${node} touches, by the grants of the program.`,
    whole: 'Show the whole map',
    of: 'Pipeline',
    ofAll: 'all',
    kinds: {
      outside: 'outside',
      source: 'source',
      schedule: 'schedule',
      function: 'function',
      topic: 'topic',
      job: 'job',
      bucket: 'bucket',
      dataset: 'dataset',
    },
    flows: {
      watches: 'is polled by',
      calls: 'calls',
      publishes: 'publishes to',
      delivers: 'delivers to',
      notifies: 'announces to',
      starts: 'starts',
      operates: 'reads and cancels executions of',
      writes: 'writes to',
      reads: 'is read by',
    },
    legend:
      'Solid: calls, starts and writes. Long dashes: messages. Dots: what is read or polled. The tip shows the direction.',
    list: (count) => `The same as a list: ${count} parts`,
    name: 'Part',
    kind: 'Kind',
    purpose: 'Purpose',
    from: 'From',
    to: 'To',
    written:
      'The infra program wrote this when the console was bundled; what the stack does not have is left out.',
    rights: 'rights',
    readme: 'Read',
    scroll: 'Map of the mesh; it scrolls sideways where it is wider than the page',
    isPart: 'There are more parts than a picture can show: choose a pipeline, or read the list.',
  },
  fr: {
    intro: fr`Le chemin d’une exécution : de sa source, par des fonctions, des sujets et des jobs, jusqu’à ce qui est publié. Choisissez une case pour en voir plus.`,
    around: (node) => `Tout ce que touche ${node}, d’après les droits accordés par le programme.`,
    whole: 'Afficher le plan entier',
    of: 'Pipeline',
    ofAll: 'tous',
    kinds: {
      outside: 'dehors',
      source: 'source',
      schedule: 'horaire',
      function: 'fonction',
      topic: 'sujet',
      job: 'job',
      bucket: 'compartiment',
      dataset: 'jeu de données',
    },
    flows: {
      watches: 'est lue par',
      calls: 'appelle',
      publishes: 'publie dans',
      delivers: 'livre à',
      notifies: 'annonce à',
      starts: 'démarre',
      operates: 'lit et annule les exécutions de',
      writes: 'écrit dans',
      reads: 'est lu par',
    },
    legend: fr`Trait plein : appels, démarrages et écritures. Longs tirets : messages. Pointillés : ce qui est lu. La pointe montre le sens.`,
    list: (count) => fr`Le même en liste : ${count} éléments`,
    name: 'Élément',
    kind: 'Genre',
    purpose: 'Rôle',
    from: 'Depuis',
    to: 'Vers',
    written: fr`Le programme d’infrastructure a écrit ce plan à la construction de la console ; ce que la pile n’a pas est omis.`,
    rights: 'droits',
    readme: 'À lire',
    scroll: fr`Plan du maillage ; il défile sur le côté s’il est plus large que la page`,
    isPart: fr`Il y a plus d’éléments qu’une image n’en peut montrer : choisissez un pipeline, ou lisez la liste.`,
  },
};
