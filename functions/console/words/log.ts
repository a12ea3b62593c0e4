// What the log and the trace of a run say.
import { fr } from '../../../shared/page/french.ts';
import { counted } from '../../../shared/counted.ts';
import type { Translated } from '../../../shared/page/languages.ts';

export interface LogWords {
  readonly title: string;
  readonly traceTitle: string;
  readonly attempt: (attempt: number) => string;
  readonly noExecution: string;
  readonly noLine: string;
  readonly earlier: string;
  readonly newest: string;
  readonly whole: string;
  /** Of a download that does not begin with the first line. */
  readonly cut: (lines: number) => string;
  readonly note: (lines: number) => string;
  readonly noSpan: string;
  readonly spans: (shown: number, all: number) => string;
  readonly span: string;
  readonly component: string;
  readonly after: string;
  readonly took: string;
  readonly details: string;
}

export const LOG: Translated<LogWords> = {
  en: {
    title: 'Log',
    traceTitle: 'Trace',
    attempt: (attempt) => `Attempt ${attempt}`,
    noExecution: 'This attempt has no execution, so no log.',
    noLine: 'No line is kept. Lines appear some seconds after they are written, and are kept for 30 days.',
    earlier: 'Earlier lines',
    newest: 'Newest lines',
    whole: 'The whole log as a text file',
    cut: (lines) => `The log is longer: these are its newest ${counted(lines, 'line')}.`,
    note: (lines) =>
      lines === 1
        ? '1 line, as the job wrote it.'
        : `${lines} lines, in the order in which the job wrote them; the newest is the last.`,
    noSpan:
      'No span of this run is recorded: its trace was not sent yet, was lost, or is not kept any more. The timeline below is made of the objects of the run.',
    spans: (shown, all) => (shown === all ? `${counted(all, 'span')}.` : `${shown} of ${all} spans.`),
    span: 'Span',
    component: 'Sent by',
    after: 'Began after',
    took: 'Took',
    details: 'Details',
  },
  fr: {
    title: 'Journal',
    traceTitle: 'Trace',
    attempt: (attempt) => `Tentative ${attempt}`,
    noExecution: 'Cette tentative n’a pas de job, donc pas de journal.',
    noLine:
      'Aucune ligne n’est conservée. Les lignes apparaissent quelques secondes après leur écriture, et sont gardées 30 jours.',
    earlier: 'Lignes antérieures',
    newest: 'Dernières lignes',
    whole: 'Le journal entier en fichier texte',
    cut: (lines) => fr`Le journal est plus long : voici ses ${lines} dernières lignes.`,
    note: (lines) =>
      lines < 2
        ? `${lines} ligne, telle que le job l’a écrite.`
        : fr`${lines} lignes, dans l’ordre où le job les a écrites ; la plus récente est la dernière.`,
    noSpan: fr`Aucun segment de cette exécution n’est enregistré : sa trace n’est pas encore envoyée, est perdue, ou n’est plus conservée. La chronologie ci-dessous est faite des objets de l’exécution.`,
    spans: (shown, all) =>
      shown === all ? `${all} ${all < 2 ? 'segment' : 'segments'}.` : `${shown} segments sur ${all}.`,
    span: 'Segment',
    component: 'Envoyé par',
    after: 'Début après',
    took: 'Durée',
    details: 'Détails',
  },
};
