// What the console says, in every language.
import type { ProblemKind } from '../problem.ts';
import type { Condition } from '../reading/standing.ts';
import type { StepKind } from '../reading/timeline.ts';

export interface Words {
  readonly otherLanguage: string;
  readonly skip: string;
  readonly none: string;
  /** Between what is named and its name. */
  readonly colon: string;
  readonly signedInAs: (email: string) => string;
  readonly role: (isOperator: boolean) => string;
  readonly asJson: string;
  readonly offline: string;
  readonly signedOut: string;
  readonly problems: Readonly<Record<ProblemKind, { readonly title: string; readonly text: string }>>;
  readonly thereIs: string;
  readonly conditions: Readonly<Record<Condition, string>>;
  readonly sentences: Readonly<Record<Condition, string>>;
  readonly previousPage: string;
  readonly nextPage: string;
  readonly nowTitle: string;
  readonly nowSummary: (pipelines: number, attention: number) => string;
  readonly idle: string;
  readonly queue: (executing: number, concurrency: number, waiting: number, owners: number) => string;
  readonly oldest: string;
  readonly inTerminal: string;
  readonly labels: Readonly<
    Record<
      | (
          | 'pipeline'
          | 'run'
          | 'status'
          | 'code'
          | 'reason'
          | 'rows'
          | 'ended'
          | 'requested'
          | 'trigger'
          | 'frozen'
          | 'attempts'
        )
      | ('attempt' | 'execution' | 'because' | 'object' | 'size' | 'written' | 'step' | 'duration' | 'share')
      | (
          | 'files'
          | 'file'
          | 'role'
          | 'checksum'
          | 'sheet'
          | 'row'
          | 'column'
          | 'found'
          | 'expected'
          | 'decision'
        )
      | ('since' | 'staleSince' | 'nextPoll' | 'published' | 'publication' | 'kind')
      | (
          | 'gate'
          | 'dataAsOf'
          | 'notes'
          | 'by'
          | 'at'
          | 'command'
          | 'result'
          | 'through'
          | 'added'
          | 'removed'
          | 'changed'
        )
      | ('before' | 'after' | 'generation' | 'changedRows' | 'replays' | 'modified'),
      string
    >
  >;
  readonly steps: Readonly<Record<StepKind, string>>;
  readonly timeline: string;
  readonly timelineNote: string;
  readonly problemsTitle: (listed: number, all: number) => string;
  readonly older: string;
  readonly newest: string;
  readonly noRuns: string;
  readonly filterStatus: string;
  readonly any: string;
  readonly filter: string;
  readonly right: Readonly<Record<'fresh' | 'stale' | 'never' | 'past', string>>;
  readonly publications: string;
  readonly noPublication: string;
  readonly asOf: string;
  readonly backToNow: string;
  readonly compare: string;
  readonly compareTitle: string;
  readonly from: string;
  readonly to: string;
  readonly largest: string;
  readonly noTable: string;
  readonly unchanged: string;
  readonly expiredOutput: (object: string) => string;
  readonly tooLargeOutput: (object: string) => string;
  readonly why: string;
  readonly whyObject: string;
  readonly whyQuery: string;
  readonly whyCommand: string;
  readonly notFinished: string;
  readonly noCommand: string;
  readonly forDeadLetters: string;
  readonly onlyOperators: string;
  readonly stale: string;
}
