// Which log lines a metric or an alert is made of, and what a metric measures in them.

/** Selects log lines by their event, and by the values of some fields. */
export interface Lines {
  readonly event:
    | 'run-ended'
    | 'polled'
    | 'swept'
    | 'request-accepted'
    | 'dispatched'
    | 'request-started'
    | 'request-ended';
  readonly where?: Readonly<Record<string, readonly string[]>>;
}

export interface Definition {
  readonly about: string;
  readonly lines: Lines;
  readonly labels?: readonly string[];
  /** The field that is measured; without it, lines are counted. */
  readonly value?: string;
  readonly unit?: string;
}

/** A filter of Cloud Logging's query language, in which functions of the second generation are Cloud Run revisions. */
export function filterOf({ event, where = {} }: Lines): string {
  const terms = Object.entries(where).map(([field, values]) => {
    const texts = values.map((value) => `"${value}"`);
    return `jsonPayload.${field}=${texts.length === 1 ? texts[0] : `(${texts.join(' OR ')})`}`;
  });
  return ['resource.type="cloud_run_revision"', `jsonPayload.event="${event}"`, ...terms].join(' AND ');
}
