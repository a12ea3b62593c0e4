// What the screens about dead letters say.
import { fr } from '../../../shared/page/french.ts';
import type { Translated } from '../../../shared/page/languages.ts';

interface DeadLetterWords {
  /** On the page Now. */
  readonly count: (count: string, isOne: boolean, isAll: boolean) => string;
  readonly unknown: string;
  readonly readAt: string;
  readonly none: string;
  readonly what: string;
  readonly listed: (shown: string, all: string) => string;
  readonly more: string;
  readonly subscription: string;
  readonly givenUp: string;
  readonly firstPublished: string;
  readonly deliveries: string;
  readonly redriven: string;
  readonly redrivenBy: string;
  readonly message: (bytes: string) => string;
  readonly attributes: string;
  readonly choose: (id: string) => string;
  readonly chosen: string;
  readonly commands: string;
  readonly readAgain: string;
}

const ENGLISH: DeadLetterWords = {
  count: (count, isOne, isAll) =>
    `${isAll ? '' : 'At least '}${count} ${isOne ? 'dead letter' : 'dead letters'}`,
  unknown: 'Dead letters: not read yet',
  readAt: 'As read at',
  none: 'There is no dead letter.',
  what: 'Messages that a function refused ten times. They are kept for 31 days; the sweep finishes each run without them. Reading takes nothing away.',
  listed: (shown, all) => `${shown} of ${all} are shown, the oldest first.`,
  more: 'There may be more.',
  subscription: 'Subscription',
  givenUp: 'Given up at',
  firstPublished: 'First published',
  deliveries: 'Deliveries',
  redriven: 'Published again',
  redrivenBy: 'last by the command',
  message: (bytes) => `The message (${bytes} bytes)`,
  attributes: 'Attributes',
  choose: (id) => `Choose ${id}`,
  chosen: 'The chosen messages:',
  commands: 'The last commands on dead letters',
  readAgain: 'Read again',
};

const FRENCH: DeadLetterWords = {
  count: (count, isOne, isAll) =>
    `${isAll ? '' : 'Au moins '}${count} ${isOne ? 'message mort' : 'messages morts'}`,
  unknown: fr`Messages morts : pas encore lus`,
  readAt: 'Lus à',
  none: 'Il n’y a aucun message mort.',
  what: fr`Des messages qu’une fonction a refusés dix fois. Ils sont gardés 31 jours ; le balayage termine chaque exécution sans eux. Les lire n’enlève rien.`,
  listed: (shown, all) => `${shown} sur ${all} sont affichés, les plus anciens d’abord.`,
  more: 'Il y en a peut-être d’autres.',
  subscription: 'Abonnement',
  givenUp: 'Abandonné le',
  firstPublished: 'Publié d’abord',
  deliveries: 'Livraisons',
  redriven: 'Publié à nouveau',
  redrivenBy: 'en dernier par la commande',
  message: (bytes) => `Le message (${bytes} octets)`,
  attributes: 'Attributs',
  choose: (id) => `Choisir ${id}`,
  chosen: fr`Les messages choisis :`,
  commands: 'Les dernières commandes sur les messages morts',
  readAgain: 'Relire',
};

export const DEAD_LETTER_WORDS: Translated<DeadLetterWords> = { en: ENGLISH, fr: FRENCH };
