// The notes on one file: how it is written, where that is not the form of the city's export.
import { counted } from '../../../shared/counted.ts';
import type { DataNote } from './notes.ts';
import type { ReadFile } from './file.ts';

export function fileNotesOf({ name, tally, encoding }: ReadFile): readonly DataNote[] {
  const notes: DataNote[] = [];
  const add = (kind: DataNote['kind'], text: string) => notes.push({ kind, text: `${name}: ${text}` });
  const { forms } = tally;
  const addCount = (kind: DataNote['kind'], count: number, what: string, consequence: string) => {
    if (count > 0) add(kind, `${counted(count, what)} ${consequence}.`);
  };
  addCount('encoding', encoding.latin1Lines, 'line', 'not in UTF-8: read as Latin-1');
  addCount('time', forms.local, 'time', 'without an offset: read as local time of Paris');
  addCount('time', forms.serial, 'serial number', 'of Excel as time: read as local time of Paris');
  addCount('time', forms.epoch, 'number', 'as time: read as seconds or milliseconds since 1970');
  addCount(
    'clock-change',
    tally.doubledHours,
    'row',
    'without an offset of the hour that is there twice when the clocks go back: the first row of a counter was read ' +
      'as summer time, the second as winter time',
  );
  addCount(
    'clock-change',
    tally.count('no-such-hour'),
    'row',
    'of an hour that does not exist, because the clocks go forward: dropped. If the file is in winter time all year, ' +
      'its summer was read one hour off',
  );
  addCount('coordinates', tally.unknownPlaces, 'row', 'without coordinates near Paris');
  return notes;
}
