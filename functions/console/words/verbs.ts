// What forms say: of each command what it is called, what it will do, and whether it may be too late.
import { fr } from '../../../shared/page/french.ts';
import type { Translated } from '../../../shared/page/languages.ts';
import type { Verb } from '../verbs.ts';

interface VerbWords {
  readonly names: Readonly<Record<Verb, string>>;
  readonly effects: Readonly<Record<Verb, string>>;
  readonly late: Readonly<Record<Verb, string>>;
  readonly rollback: string;
  readonly send: string;
  readonly reasonLabel: string;
  readonly reasonHint: string;
  readonly formExpires: string;
  readonly whatStands: string;
  readonly chooseRun: string;
  readonly version: string;
  readonly currentModel: string;
  readonly pinned: string;
  readonly unfinished: string;
  readonly sendAgain: string;
  readonly planAgain: string;
  readonly openAgain: string;
}

const ENGLISH: VerbWords = {
  names: {
    pause: 'Pause',
    resume: 'Resume',
    run: 'Run now',
    cancel: 'Cancel',
    hold: 'Hold',
    release: 'Release',
    plan: 'Plan a replay',
    replay: 'Publish this plan',
    pin: 'Pin the models',
    unpin: 'Unpin the models',
    rollback: 'Roll a model back',
    redrive: 'Publish again',
    drop: 'Delete',
  },
  effects: {
    pause: 'No new run starts until the pipeline is resumed. A run in progress finishes.',
    resume: 'The schedule polls the source again, and new runs start.',
    run: 'The source is polled at once, and a run starts even if nothing has changed.',
    cancel: 'The execution is stopped, and nothing of this run is published.',
    hold: 'The job finishes; its output is kept back until an operator releases it.',
    release: 'The output that was kept back is published.',
    plan: 'What publishing the stored output of the run again would change is computed and shown. Nothing is published.',
    replay: 'Exactly what the plan shows is published, in one transaction.',
    pin: 'The current models stay, even if training finds better ones.',
    unpin: 'The next better candidate becomes current again.',
    rollback: 'The chosen version becomes current, and is pinned.',
    redrive: 'Each message is published again to its topic, and then leaves the dead letters.',
    drop: 'Each message is deleted. The log of handle-commands keeps its beginning.',
  },
  late: {
    pause: 'A run that was requested before is not stopped.',
    resume: 'Nothing can be too late.',
    run: 'While another run executes, this one is queued.',
    cancel: 'Too late once the output is being published: then the command is refused.',
    hold: 'Too late once the output is being published: then the command is refused.',
    release: 'Refused if the run is not held, or if a newer run was published since.',
    plan: 'Refused if the output is not kept any more, or may not be published.',
    replay: 'Refused if anything that the plan depends on has changed since, by any person or run.',
    pin: 'A model that was promoted a moment ago is pinned as well.',
    unpin: 'Nothing can be too late.',
    rollback:
      'Refused if another model became current since, or if the files of the version are not kept any more.',
    redrive: 'What fails again becomes a dead letter again. A message that was handled before is left out.',
    drop: 'A deleted message cannot be had back. A message that was handled before is left out.',
  },
  rollback: 'Plan a rollback',
  send: 'Send the command',
  reasonLabel: 'Reason',
  reasonHint: 'It stands in the audit record with your address. At most 500 characters.',
  formExpires: 'This form is valid for 10 minutes, and only while what it shows still stands.',
  whatStands: 'What stands now',
  chooseRun: 'This command is about a run: open the run, and choose the command there.',
  version: 'Version',
  currentModel: 'Current',
  pinned: 'pinned',
  unfinished:
    'The command has no result yet: it is being carried out, or it was interrupted. The same command again finishes it, and acts once.',
  sendAgain: 'Send the same command again',
  planAgain: 'Make a new plan',
  openAgain: 'Open the form again',
};

const FRENCH: VerbWords = {
  names: {
    pause: 'Mettre en pause',
    resume: 'Reprendre',
    run: 'Exécuter maintenant',
    cancel: 'Annuler',
    hold: 'Retenir',
    release: 'Libérer',
    plan: 'Planifier une nouvelle publication',
    replay: 'Publier ce plan',
    pin: 'Épingler les modèles',
    unpin: 'Désépingler les modèles',
    rollback: 'Revenir à un modèle antérieur',
    redrive: 'Publier à nouveau',
    drop: 'Supprimer',
  },
  effects: {
    pause: 'Aucune exécution ne démarre avant la reprise. Une exécution en cours se termine.',
    resume: 'La source est lue à nouveau selon le calendrier, et de nouvelles exécutions démarrent.',
    run: 'La source est lue aussitôt, et une exécution démarre même si rien n’a changé.',
    cancel: 'Le job est arrêté, et rien de cette exécution n’est publié.',
    hold: fr`Le job se termine ; son résultat est retenu jusqu’à ce qu’un opérateur le libère.`,
    release: 'Le résultat retenu est publié.',
    plan: 'Ce que changerait une nouvelle publication du résultat conservé est calculé et affiché. Rien n’est publié.',
    replay: 'Exactement ce que montre le plan est publié, en une transaction.',
    pin: 'Les modèles actuels restent, même si l’entraînement en trouve de meilleurs.',
    unpin: 'Le prochain meilleur candidat devient à nouveau le modèle actuel.',
    rollback: 'La version choisie devient le modèle actuel, et elle est épinglée.',
    redrive: 'Chaque message est publié à nouveau sur son sujet, puis quitte les messages morts.',
    drop: 'Chaque message est supprimé. Le journal de handle-commands en garde le début.',
  },
  late: {
    pause: 'Une exécution déjà demandée n’est pas arrêtée.',
    resume: 'Il ne peut pas être trop tard.',
    run: 'Si une autre exécution est en cours, celle-ci est mise en file.',
    cancel: fr`Trop tard dès que le résultat est en cours de publication : la commande est alors refusée.`,
    hold: fr`Trop tard dès que le résultat est en cours de publication : la commande est alors refusée.`,
    release: 'Refusé si l’exécution n’est pas retenue, ou si une plus récente a été publiée depuis.',
    plan: 'Refusé si le résultat n’est plus conservé, ou ne peut pas être publié.',
    replay: 'Refusé si quoi que ce soit dont dépend le plan a changé depuis.',
    pin: 'Un modèle promu à l’instant est épinglé aussi.',
    unpin: 'Il ne peut pas être trop tard.',
    rollback:
      'Refusé si un autre modèle est devenu actuel depuis, ou si les fichiers de la version ne sont plus conservés.',
    redrive: 'Ce qui échoue encore redevient un message mort. Un message déjà traité est laissé de côté.',
    drop: 'Un message supprimé est perdu. Un message déjà traité est laissé de côté.',
  },
  rollback: 'Planifier un retour en arrière',
  send: 'Envoyer la commande',
  reasonLabel: 'Motif',
  reasonHint: 'Il figure dans l’audit avec votre adresse. Au plus 500 caractères.',
  formExpires: 'Ce formulaire est valable 10 minutes, et seulement tant que l’état affiché est actuel.',
  whatStands: 'L’état actuel',
  chooseRun: fr`Cette commande porte sur une exécution : ouvrez-la, et choisissez-y la commande.`,
  version: 'Version',
  currentModel: 'Actuel',
  pinned: 'épinglé',
  unfinished: fr`La commande n’a pas encore de résultat : elle est en cours, ou elle a été interrompue. La même commande, renvoyée, la termine et n’agit qu’une fois.`,
  sendAgain: 'Renvoyer la même commande',
  planAgain: 'Faire un nouveau plan',
  openAgain: 'Rouvrir le formulaire',
};

export const VERB_WORDS: Translated<VerbWords> = { en: ENGLISH, fr: FRENCH };
