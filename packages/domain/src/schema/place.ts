/** Where in a value a check is; a pointer is only written out where there is an issue. */
export interface Place {
  readonly up: Place | undefined;
  readonly key: string | number;
  /** schemas applied on the way here */
  readonly depth: number;
}
export const ROOT: Place = { up: undefined, key: '', depth: 0 };
export const below = (place: Place, key: string | number): Place => ({ up: place, key, depth: place.depth + 1 });
/** The same spot of the value, one schema further. */
export const again = (place: Place): Place => ({ up: place.up, key: place.key, depth: place.depth + 1 });

const escaped = (key: string | number): string => String(key).replaceAll('~', '~0').replaceAll('/', '~1');
export const pointerOf = (place: Place): string =>
  place.up === undefined ? '' : `${pointerOf(place.up)}/${escaped(place.key)}`;
