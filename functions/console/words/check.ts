// What the check of a publication says, and what is said where something is not kept any more.
import { fr } from '../../../shared/page/french.ts';
import type { Translated } from '../../../shared/page/languages.ts';
import type { Stored } from '../reading/check.ts';

export interface CheckWords {
  readonly title: string;
  readonly right: string;
  readonly wrong: string;
  readonly at: string;
  readonly outputs: string;
  readonly stored: Readonly<Record<Stored, string>>;
  readonly recorded: string;
  readonly isRecorded: string;
  readonly isNotRecorded: string;
  readonly notKept: string;
  readonly numbering: string;
  readonly isNumbered: string;
  readonly isNotNumbered: string;
  readonly unchecked: (count: number) => string;
  readonly rows: string;
  readonly noFiles: (run: string) => string;
  readonly expired: (id: string) => string;
}

export const CHECK: Translated<CheckWords> = {
  en: {
    title: 'Checked by the console',
    right: 'Nothing differs from what was recorded.',
    wrong: 'Something differs from what was recorded.',
    at: 'Checked',
    outputs: 'Stored output',
    stored: {
      same: 'as it was published: same generation, same checksum',
      changed: 'not as it was published',
      expired: 'deleted after its time, so it cannot be compared any more',
      missing: 'missing, although it should be kept',
    },
    recorded: 'Outcome of the run',
    isRecorded: 'published, with as many rows',
    isNotRecorded: 'no outcome of the run says that it was published with as many rows',
    notKept: 'the folder of the run is not kept any more',
    numbering: 'Ledger',
    isNumbered: 'the publications listed below follow each other without a gap',
    isNotNumbered: 'a publication is missing between those listed below',
    unchecked: (count) =>
      `${count} ${count === 1 ? 'output of files or a model was' : 'outputs of files or models were'} not checked here.`,
    rows: 'The console may not read the published tables. In a terminal, sluice verify compares their rows with the stored output.',
    noFiles: (run) => `The folder of run ${run} is not kept any more, so its files cannot be shown.`,
    expired: (id) =>
      `The stored output of publication ${id} is not kept any more: what stands here comes from the ledger alone.`,
  },
  fr: {
    title: 'Vérifié par la console',
    right: 'Rien ne diffère de ce qui a été enregistré.',
    wrong: 'Quelque chose diffère de ce qui a été enregistré.',
    at: 'Vérifié',
    outputs: 'Résultat conservé',
    stored: {
      same: fr`tel que publié : même génération, même empreinte`,
      changed: 'n’est plus tel que publié',
      expired: fr`supprimé à l’échéance : il ne peut plus être comparé`,
      missing: 'absent, alors qu’il devrait être conservé',
    },
    recorded: 'Issue de l’exécution',
    isRecorded: 'publiée, avec autant de lignes',
    isNotRecorded: 'aucune issue de l’exécution ne dit qu’elle a été publiée avec autant de lignes',
    notKept: 'le dossier de l’exécution n’est plus conservé',
    numbering: 'Registre',
    isNumbered: 'les publications ci-dessous se suivent sans lacune',
    isNotNumbered: 'une publication manque entre celles ci-dessous',
    unchecked: (count) =>
      `${count} ${count < 2 ? 'résultat (fichiers ou modèle) n’a pas été vérifié' : 'résultats (fichiers ou modèles) n’ont pas été vérifiés'} ici.`,
    rows: 'La console ne peut pas lire les tables publiées. Dans un terminal, sluice verify compare leurs lignes au résultat conservé.',
    noFiles: (run) =>
      fr`Le dossier de l’exécution ${run} n’est plus conservé : ses fichiers ne peuvent pas être affichés.`,
    expired: (id) =>
      fr`Le résultat de la publication ${id} n’est plus conservé : ce qui suit vient du registre seul.`,
  },
};
