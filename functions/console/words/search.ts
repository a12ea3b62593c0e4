// What the filters, ranges and pagers of lists say.
import { fr } from '../../../shared/page/french.ts';
import { counted } from '../../../shared/counted.ts';
import type { Translated } from '../../../shared/page/languages.ts';

export interface SearchWords {
  readonly requested: string;
  readonly cause: string;
  readonly causes: Readonly<Record<'schedule' | 'event' | 'person', string>>;
  readonly fromDay: string;
  readonly toDay: string;
  readonly zone: (zone: string) => string;
  readonly found: (found: number, read: number) => string;
  readonly further: string;
  readonly notYet: string;
  readonly nothing: string;
  readonly verb: string;
  readonly by: string;
  readonly clear: string;
  readonly show: string;
  readonly shows: Readonly<Record<'changed' | 'added' | 'removed', string>>;
  readonly column: string;
  readonly rowsOf: (from: string, to: string, all: string) => string;
  readonly allRows: string;
  readonly older: string;
  readonly newest: string;
  readonly earlier: string;
  readonly chooseFrom: string;
}

export const SEARCH: Translated<SearchWords> = {
  en: {
    requested: 'Requested',
    cause: 'Triggered by',
    causes: { schedule: 'schedule', event: 'event', person: 'person' },
    fromDay: 'From day',
    toDay: 'To day',
    zone: (zone) => `Days and times are those of ${zone}.`,
    found: (found, read) =>
      `${found} of the ${counted(read, 'run')} that ${read === 1 ? 'was' : 'were'} read.`,
    further: 'Search further',
    notYet: 'Nothing was found so far, and older records were not read yet.',
    nothing: 'Nothing fits the filter.',
    verb: 'Command',
    by: 'By',
    clear: 'Without a filter',
    show: 'Show',
    shows: { changed: 'rows changed', added: 'rows added', removed: 'rows removed' },
    column: 'Column',
    rowsOf: (from, to, all) => `Rows ${from} to ${to} of ${all}.`,
    allRows: 'All rows',
    older: 'Older commands',
    newest: 'Newest commands',
    earlier: 'Earlier publications',
    chooseFrom: 'The days choose which publications are offered',
  },
  fr: {
    requested: 'Demande',
    cause: 'Déclencheur',
    causes: { schedule: 'calendrier', event: 'événement', person: 'personne' },
    fromDay: 'Du jour',
    toDay: 'Au jour',
    zone: (zone) => `Les jours et les heures sont ceux de ${zone}.`,
    found: (found, read) =>
      `${found} ${found < 2 ? 'exécution trouvée' : 'exécutions trouvées'} sur ${read} ${read < 2 ? 'lue' : 'lues'}.`,
    further: 'Chercher plus loin',
    notYet: fr`Rien de trouvé jusqu’ici ; les données plus anciennes n’ont pas encore été lues.`,
    nothing: 'Rien ne correspond au filtre.',
    verb: 'Commande',
    by: 'Par',
    clear: 'Sans filtre',
    show: 'Afficher',
    shows: { changed: 'lignes modifiées', added: 'lignes ajoutées', removed: 'lignes supprimées' },
    column: 'Colonne',
    rowsOf: (from, to, all) => `Lignes ${from} à ${to} sur ${all}.`,
    allRows: 'Toutes les lignes',
    older: 'Commandes plus anciennes',
    newest: 'Dernières commandes',
    earlier: 'Publications antérieures',
    chooseFrom: 'Les jours choisissent les publications proposées',
  },
};
