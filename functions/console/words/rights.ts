// What the screen Rights says.
import { fr } from '../../../shared/page/french.ts';
import type { Translated } from '../../../shared/page/languages.ts';

export type Role =
  | 'console-readers'
  | 'console-operators'
  | 'stack-operators'
  | 'table-readers'
  | 'callers'
  | 'approvers'
  | 'service-callers';

export interface RightsWords {
  readonly intro: string;
  readonly people: string;
  readonly peopleNote: (isOperator: boolean) => string;
  readonly role: string;
  readonly may: string;
  readonly who: string;
  readonly setting: string;
  readonly roles: Readonly<Record<Role, { readonly name: string; readonly may: string }>>;
  readonly noOne: string;
  readonly inStack: string;
  readonly counted: (addresses: number, others: number) => string;
  readonly identities: string;
  readonly identity: string;
  readonly all: string;
  readonly grant: string;
  readonly on: string;
  readonly only: string;
  readonly why: string;
  readonly test: string;
  readonly untested: string;
  readonly whyNote: string;
  readonly written: string;
}

export const RIGHTS_WORDS: Translated<RightsWords> = {
  en: {
    intro: 'Every function, job and agent has its own identity, with the smallest grants that Google allows.',
    people: 'People',
    peopleNote: (isOperator) =>
      isOperator
        ? 'The lists stand in the stack; a change counts from the next deployment.'
        : 'Operators of the console see the addresses; you see who may send commands, and how many others there are.',
    role: 'Role',
    may: 'May',
    who: 'Who',
    setting: 'Setting of the stack',
    roles: {
      'console-readers': { name: 'Readers of the console', may: 'read every screen' },
      'console-operators': {
        name: 'Operators of the console',
        may: 'read every screen and send commands with a reason',
      },
      'stack-operators': {
        name: 'Operators in a terminal',
        may: 'read everything, poll, request replays and send commands',
      },
      'table-readers': { name: 'Readers of tables', may: 'query the published tables' },
      callers: { name: 'Callers', may: 'request runs, and see and erase their own' },
      approvers: { name: 'Approvers', may: 'see all jobs of the pipeline, approve and reject them' },
      'service-callers': { name: 'Callers of services', may: 'ask the services of the pipeline' },
    },
    noOne: 'no one',
    inStack: 'as the stack names them',
    counted: (addresses, others) =>
      [
        ...(addresses > 0 ? [`${addresses} ${addresses === 1 ? 'address' : 'addresses'}`] : []),
        ...(others > 0
          ? [`${others} ${others === 1 ? 'group, domain or tenant' : 'groups, domains or tenants'}`]
          : []),
      ].join(', '),
    identities: 'Identities',
    identity: 'Identity',
    all: 'all',
    grant: 'Role',
    on: 'On',
    only: 'Only',
    why: 'Without it this fails',
    test: 'The test that takes it away',
    untested: 'none',
    whyNote:
      'The tests take each grant away in turn: the work that is named must then fail, say why, and publish nothing.',
    written:
      'The infra program wrote this when the console was bundled. What the stack does not have is left out; what a person granted by hand is not in it.',
  },
  fr: {
    intro:
      'Chaque fonction, job et agent a sa propre identité, avec les droits les plus petits que Google permette.',
    people: 'Personnes',
    peopleNote: (isOperator) =>
      isOperator
        ? fr`Les listes sont dans la pile ; un changement compte au prochain déploiement.`
        : fr`Les opérateurs de la console voient les adresses ; vous voyez qui peut envoyer des commandes, et combien d’autres il y a.`,
    role: 'Rôle',
    may: 'Peut',
    who: 'Qui',
    setting: 'Réglage de la pile',
    roles: {
      'console-readers': { name: 'Lecteurs de la console', may: 'lire tous les écrans' },
      'console-operators': {
        name: 'Opérateurs de la console',
        may: 'lire tous les écrans et envoyer des commandes motivées',
      },
      'stack-operators': {
        name: 'Opérateurs au terminal',
        may: 'tout lire, déclencher une lecture, demander une nouvelle publication et envoyer des commandes',
      },
      'table-readers': { name: 'Lecteurs des tables', may: 'interroger les tables publiées' },
      callers: { name: 'Demandeurs', may: 'demander des exécutions, voir et effacer les leurs' },
      approvers: {
        name: 'Approbateurs',
        may: 'voir toutes les demandes du pipeline, les approuver et les refuser',
      },
      'service-callers': { name: 'Appelants des services', may: 'interroger les services du pipeline' },
    },
    noOne: 'personne',
    inStack: 'ceux que la pile nomme',
    counted: (addresses, others) =>
      [
        ...(addresses > 0 ? [`${addresses} ${addresses < 2 ? 'adresse' : 'adresses'}`] : []),
        ...(others > 0
          ? [`${others} ${others < 2 ? 'groupe, domaine ou locataire' : 'groupes, domaines ou locataires'}`]
          : []),
      ].join(', '),
    identities: 'Identités',
    identity: 'Identité',
    all: 'toutes',
    grant: 'Rôle',
    on: 'Sur',
    only: 'Seulement',
    why: 'Sans lui, ceci échoue',
    test: 'Le test qui le retire',
    untested: 'aucun',
    whyNote: fr`Les tests retirent chaque droit tour à tour : le travail nommé doit alors échouer, dire pourquoi et ne rien publier.`,
    written: fr`Le programme d’infrastructure l’a écrit à la construction de la console. Ce que la pile n’a pas est omis ; ce qu’une personne a accordé à la main n’y est pas.`,
  },
};
