// Cells, rows, sheets and files of workbooks that the forecast refuses.
import { fr } from '../../../../shared/page/french.ts';
import type { Patterns } from './patterns.ts';

export const CELLS: Patterns = {
  // What a cell holds.
  'an empty cell': 'une cellule vide',
  'the text "{a}"': 'le texte "{a}"',
  'the number {n}': 'le nombre {n}',
  'the date {n}': 'la date {n}',
  'the truth value {n}': 'la valeur logique {n}',
  'a date beyond the calendar': 'une date hors du calendrier',
  'a formula': 'une formule',
  'a formula without a stored value': 'une formule sans valeur enregistrée',
  'an error that has no name': 'une erreur sans nom',
  'the error {n}': 'l’erreur {n}',
  'a cell of the unknown type "{a}"': 'une cellule du type inconnu "{a}"',
  'a number in a style that the workbook does not have, so perhaps a date':
    'un nombre dans un style que le classeur n’a pas, donc peut-être une date',
  'the shared text number "{a}", of {b} in the workbook':
    'le texte partagé numéro "{a}", sur {b} dans le classeur',
  'a text of more than {a} characters': 'un texte de plus de {a} caractères',
  'a number cell that holds the text "{a}"': 'une cellule de nombre qui contient le texte "{a}"',
  'a truth cell that holds the text "{a}"': 'une cellule logique qui contient le texte "{a}"',
  'a date cell that holds the text "{a}"': 'une cellule de date qui contient le texte "{a}"',
  'the date {a}, which is in the future': 'la date {a}, qui est dans le futur',
  'a value in a column without a header': 'une valeur dans une colonne sans en-tête',
  'the site code {a}, which Transco does not have': 'le code de site {a}, que Transco n’a pas',
  'the unknown mall "{a}"': 'le centre inconnu "{a}"',
  'the code {a}, which row {b} has too': 'le code {a}, que la ligne {b} a aussi',
  'the mall "{a}", which row {b} has too': 'le centre "{a}", que la ligne {b} a aussi',
  'the opposite of row {a} for the same mall on {b}':
    'le contraire de la ligne {a} pour le même centre le {b}',
  'a second value for the same site on {a}; the first is in {b}, sheet "{c}", row {d}, column {e}': fr`une deuxième valeur pour le même site le {a} ; la première est dans {b}, feuille "{c}", ligne {d}, colonne {e}`,
  'a second column for the site code {A}': fr`une deuxième colonne pour le code de site : {A}`,
  // What was expected of it.
  'a site code': 'un code de site',
  'a mall name': 'un nom de centre',
  'a cluster': 'un cluster',
  'a date': 'une date',
  'a whole number': 'un nombre entier',
  'Oui or Non': 'Oui ou Non',
  'a mall name of Transco': 'un nom de centre de Transco',
  'a code of Transco': 'un code de Transco',
  'a site code in the header': 'un code de site dans l’en-tête',
  '{A}, typed as text': '{A}, saisi comme texte',
  'a date cell, or a date as dd/mm/yyyy or yyyy-mm-dd':
    'une cellule de date, ou une date telle que jj/mm/aaaa ou aaaa-mm-jj',
  'a date from {a} to {b}': 'une date du {a} au {b}',
  'a date up to today, {a}': 'une date jusqu’à aujourd’hui, {a}',
  "a date of {a}, the year in the file's name": 'une date de {a}, l’année dans le nom du fichier',
  'a whole number of visitors from 0 to {a}': 'un nombre entier de visiteurs, de 0 à {a}',
  '{A} that cannot act as a formula (no = + - @ in front, no control characters)':
    '{A} qui ne peut pas agir comme une formule (sans = + - @ au début, sans caractères de contrôle)',
  '{A} of at most {a} characters': '{A} d’au plus {a} caractères',
  'each site once': 'chaque site une fois',
  'one answer for a mall and a day': 'une réponse par centre et par jour',
  'one value for a site and a day': 'une valeur par site et par jour',
  'one column for each site': 'une colonne par site',
  // Sheets.
  'an empty sheet': 'une feuille vide',
  'no visible sheet of cells': 'aucune feuille de cellules visible',
  'no row under the header': 'aucune ligne sous l’en-tête',
  'at least one row': 'au moins une ligne',
  'the header {A}': 'l’en-tête {A}',
  'the header "{a}"': 'l’en-tête "{a}"',
  'the header "{a}" and more': 'l’en-tête "{a}" et d’autres',
  '"Code site | Date | Flux", or "Date" followed by one site code per column':
    '"Code site | Date | Flux", ou "Date" suivi d’un code de site par colonne',
  'more than {a} rows': 'plus de {a} lignes',
  'at most {a} rows': 'au plus {a} lignes',
  'more than {a} sites': 'plus de {a} sites',
  'at most {a} sites': 'au plus {a} sites',
  'more than {a} values in all flux files': 'plus de {a} valeurs dans tous les fichiers de flux',
  'more than {a} rows in all flux files': 'plus de {a} lignes dans tous les fichiers de flux',
  'at most {a} values': 'au plus {a} valeurs',
  // Files.
  'no such file': 'aucun fichier de ce nom',
  'at least one flux file': 'au moins un fichier de flux',
  'exactly one file: {a}': fr`exactement un fichier : {a}`,
  'no value at all': 'aucune valeur',
  'visitors of at least one site': 'les visiteurs d’au moins un site',
  '{n} sites over {m} days, from {o}': '{n} sites sur {m} jours, à partir du {o}',
  'at most {a} site-days': 'au plus {a} jours de site',
  'a file that is not read after {a} s': 'un fichier qui n’est pas lu après {a} s',
  'a file that needs more than {a} MiB of memory to be read':
    'un fichier dont la lecture demande plus de {a} Mio de mémoire',
  'a file on which the reader failed ({a})': 'un fichier sur lequel le lecteur a échoué ({a})',
};
