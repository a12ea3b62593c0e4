// What an analyst should know of the files and of the counts, in sentences; none of it stops the training.

export type NoteKind =
  | 'encoding'
  | 'time'
  | 'clock-change'
  | 'coordinates'
  | 'name'
  | 'gap'
  | 'zeros'
  | 'new-counter'
  | 'ended-counter'
  | 'folder'
  | 'champion'
  | 'more';

export interface DataNote {
  readonly kind: NoteKind;
  readonly text: string;
}

const MOST_NOTES = 100;

/** The first 100 of the notes, and how many more there are. */
export function boundedNotes(notes: readonly DataNote[]): readonly DataNote[] {
  if (notes.length <= MOST_NOTES) return notes;
  const more = notes.length - MOST_NOTES;
  return [...notes.slice(0, MOST_NOTES), { kind: 'more', text: `${more} more notes are left out.` }];
}

/** `2021-06-15 18:00`, local time of Paris. */
export const shownHour = (localHours: number): string =>
  new Date(localHours * 3_600_000).toISOString().slice(0, 16).replace('T', ' ');

const MOST_NAMES = 4;
export const shownNames = (names: readonly string[]): string =>
  names.length <= MOST_NAMES
    ? names.join(', ')
    : `${names.slice(0, MOST_NAMES).join(', ')} and ${names.length - MOST_NAMES} more`;
