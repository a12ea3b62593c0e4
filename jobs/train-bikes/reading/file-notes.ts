// The notes on one file: how it is written, where that is not the form of the city's export.
import { counted, type DataNote } from './notes.ts';
import type { ReadFile } from './file.ts';

export function fileNotesOf({ name, tally, encoding }: ReadFile): readonly DataNote[] {
  const notes: DataNote[] = [];
  const add = (kind: DataNote['kind'], text: string) => notes.push({ kind, text: `${name}: ${text}` });
  const { forms } = tally;
  if (encoding.latin1Lines > 0)
    add('encoding', `${counted(encoding.latin1Lines, 'line')} that are not UTF-8 were read as Latin-1.`);
  if (forms.local > 0)
    add('time', `${counted(forms.local, 'time')} without an offset were read as local time of Paris.`);
  if (forms.serial > 0)
    add('time', `${counted(forms.serial, 'serial number')} of Excel were read as local time of Paris.`);
  if (forms.epoch > 0)
    add('time', `${counted(forms.epoch, 'time')} were read as seconds or milliseconds since 1970.`);
  if (tally.doubledHours > 0)
    add(
      'clock-change',
      `${counted(tally.doubledHours, 'row')} of the hour that is there twice when the clocks go back have no offset; ` +
        'the first row of a counter was read as summer time, the second as winter time.',
    );
  const absent = tally.count('no-such-hour');
  if (absent > 0)
    add(
      'clock-change',
      `${counted(absent, 'row')} of an hour that does not exist, because the clocks go forward, were dropped; ` +
        'if the file is in winter time all year, its summer is read one hour off.',
    );
  if (tally.unknownPlaces > 0)
    add('coordinates', `${counted(tally.unknownPlaces, 'row')} have no coordinates near Paris.`);
  return notes;
}
