import { type Json, type JsonObject, jsonSize } from '@aumos/agf-domain';

/** A profile is read by people and models, and travels with events: bytes of its UTF-8 JSON. */
const PROFILE_BYTES = 128 * 1024;

type Column = Record<string, Json>;

/** Bytes of a column's name in JSON where nothing else is left to shorten: 2,000 of them fit. */
const SHORTEST_NAME = 16;

/** What columns tell, from all to the least. Every column tells as much as the others. */
const LEVELS: readonly ((column: Column) => Column)[] = [
  (column) => column,
  (column) => ({ ...column, quantiles: null, outliers: null }),
  ({ name, type, nulls, distinct, distinct_estimated }) =>
    ({ name, type, nulls, distinct, distinct_estimated }) as Column,
  ({ name, type, nulls }) => ({ name, type, nulls }) as Column,
  ({ name, type, nulls }) => ({ name: shortName(name as string), type, nulls }) as Column,
];

/** A profile that is small enough to be a result: of wide files less is told of each column, and fewer rows are shown. */
export function fitted(profile: JsonObject, columns: Column[], sample: Json[][] | null): JsonObject {
  const bare = jsonSize({ ...profile, truncated: false, columns: [], ...(sample ? { sample: [] } : {}) });
  const room = PROFILE_BYTES - bare;
  let level = 0;
  let told = columns;
  while (jsonSize(told) > room && level + 1 < LEVELS.length)
    told = columns.map(LEVELS[++level] as (c: Column) => Column);
  const rows = sample && firstFitting(sample, room - jsonSize(told));
  const truncated = level > 0 || (rows?.length ?? 0) < (sample?.length ?? 0);
  return { ...profile, columns: told, ...(rows ? { sample: rows } : {}), truncated };
}

function firstFitting(rows: Json[][], room: number): Json[][] {
  let left = room;
  const end = rows.findIndex((row) => (left -= jsonSize(row) + 1) < 0);
  return end < 0 ? rows : rows.slice(0, end);
}

/** Two names may become the same: columns keep the file's order. */
function shortName(name: string): string {
  let short = '';
  for (const character of name) {
    if (jsonSize(`${short}${character}…`) > SHORTEST_NAME) return `${short}…`;
    short += character;
  }
  return short;
}
