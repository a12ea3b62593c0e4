// Finds sources that overlap one another or a bucket of the mesh: runs would start runs, or share files.
import { bucketsOf } from '../deployment.ts';

/** What a pipeline watches in a bucket. */
export interface WatchedPlace {
  readonly pipeline: string;
  readonly bucket: string;
  readonly prefix: string;
}

/** One sentence for each problem, with what was found and what is expected. */
export function wrongPlaces(places: readonly WatchedPlace[], project: string): readonly string[] {
  const own = new Set(bucketsOf(project));
  const inMesh = places
    .filter(({ bucket }) => own.has(bucket))
    .map(
      (place) =>
        `the pipeline ${place.pipeline} watches ${shown(place)}, a bucket that the mesh writes to; ` +
        'expected another bucket',
    );
  const shared = places.flatMap((place, index) =>
    places
      .slice(index + 1)
      .filter((other) => overlap(place, other))
      .map(
        (other) =>
          `the pipelines ${place.pipeline} and ${other.pipeline} watch ${shown(place)} and ${shown(other)}, ` +
          'which overlap; expected places that do not contain one another',
      ),
  );
  return [...inMesh, ...shared];
}

const shown = ({ bucket, prefix }: WatchedPlace): string => `gs://${bucket}/${prefix}`;

const overlap = (one: WatchedPlace, other: WatchedPlace): boolean =>
  one.bucket === other.bucket && (one.prefix.startsWith(other.prefix) || other.prefix.startsWith(one.prefix));
