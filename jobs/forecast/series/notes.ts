// What the files themselves make worth a note, as data: the report puts it into its reader's language.

export type DataNote =
  /** What the poll of the folder noted, in its own words. */
  | { readonly kind: 'folder'; readonly text: string }
  | { readonly kind: 'sheet-not-read'; readonly file: string; readonly sheet: string }
  /** Both days are inclusive. */
  | { readonly kind: 'nothing-reported'; readonly from: string; readonly to: string }
  /** So many more stretches without a report were left out of the list. */
  | { readonly kind: 'more-gaps'; readonly count: number };
