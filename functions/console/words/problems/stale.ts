// A form that was refused because something changed: why, and what was done since.
import { fr } from '../../../../shared/page/french.ts';
import type { Patterns } from './patterns.ts';

export const WHY: Patterns = {
  'the form is more than 10 minutes old': 'le formulaire a plus de 10 minutes',
  'something has changed since the form was shown': 'quelque chose a changé depuis l’affichage du formulaire',
  'the newest publication was {n} and now is {m}': 'la dernière publication était {n} et est maintenant {m}',
};

export const SINCE: Patterns = {
  'no command was sent': 'aucune commande n’a été envoyée',
  'the last command is {o} by {p} at {q}: {a}': fr`la dernière commande est {o} par {p} à {q} : {a}`,
};

export const STALE: Patterns = Object.fromEntries(
  Object.entries(WHY).flatMap(([why, pourquoi]) =>
    Object.entries(SINCE).map(([since, depuis]) => [`${why}; ${since}`, fr`${pourquoi} ; ${depuis}`]),
  ),
);
