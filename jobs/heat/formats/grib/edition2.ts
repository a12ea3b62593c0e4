// Reads a message of GRIB edition 2, which may hold several fields, from its sections.
import { refuseIn, type Field, type Refuse } from './field.ts';
import { pointsOfSection3 } from './edition2-grid.ts';
import { productOf, referenceTime } from './edition2-product.ts';
import { decodeSection7 } from './edition2-data.ts';

/** Sections 1 to 6 that hold for the next section 7: a field may take over those of the field before it. */
type Sections = readonly (Buffer | undefined)[];

/** `message` is a whole message, from `GRIB` to `7777`. */
export function* fieldsOfEdition2(
  file: string,
  place: string,
  message: Buffer,
  mostCells: number,
): Generator<Field, void, undefined> {
  const refuse = refuseIn(file, place);
  const sections: (Buffer | undefined)[] = [];
  let bitmap: Buffer | undefined;
  let at = 16;
  const end = message.length - 4;
  while (at < end) {
    const length = at + 5 <= end ? message.readUInt32BE(at) : 0;
    const number = message[at + 4]!;
    if (length < 5 || at + length > end)
      refuse(`a section ${number} of ${length} bytes`, `5 to ${end - at} bytes`);
    if (number < 1 || number > 7) refuse(`a section ${number}`, 'sections 1 to 7');
    const section = message.subarray(at, at + length);
    sections[number] = section;
    if (number === 6) bitmap = bitmapOf(section, bitmap, refuse);
    if (number === 7) yield fieldOf(file, place, sections, bitmap, message[6]!, mostCells, refuse);
    at += length;
  }
}

const [BITMAP_HERE, BITMAP_OF_FIELD_BEFORE, NO_BITMAP] = [0, 254, 255];

function bitmapOf(section: Buffer, before: Buffer | undefined, refuse: Refuse): Buffer | undefined {
  const kind = section[5];
  if (kind === NO_BITMAP) return undefined;
  if (kind === BITMAP_HERE) return section.subarray(6);
  if (kind === BITMAP_OF_FIELD_BEFORE && before !== undefined) return before;
  return refuse(`bitmap ${kind}`, 'a bitmap in the message, or none');
}

function fieldOf(
  file: string,
  place: string,
  sections: Sections,
  bitmap: Buffer | undefined,
  discipline: number,
  mostCells: number,
  refuse: Refuse,
): Field {
  const need = (number: number, least: number): Buffer => {
    const section = sections[number];
    if (section !== undefined && section.length >= least) return section;
    const found =
      section === undefined ? `no section ${number}` : `a section ${number} of ${section.length} bytes`;
    return refuse(found, `a section ${number} of at least ${least} bytes`);
  };
  const product = productOf(need(4, 11), referenceTime(need(1, 19), refuse), refuse);
  const points = pointsOfSection3(file, place, need(3, 14), mostCells, refuse);
  const [representation, data] = [need(5, 11), need(7, 5).subarray(5)];
  return {
    place,
    code: `${discipline}.${product.parameter}`,
    heightMetres: product.heightMetres,
    edition: 2,
    time: product.time,
    points,
    member: product.member,
    decode: () => decodeSection7(data, representation, bitmap, points.columns * points.rows, refuse),
  };
}
