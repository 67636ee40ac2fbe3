import { type Json } from '@aumos/agf-domain';
import { parse } from 'postgres-array';

type Reader = (text: string) => Json;

/** Where a double keeps it: what comes back is what was there. */
function exactNumber(text: string): Json {
  const value = Number(text);
  if (!Number.isFinite(value)) return text;
  if (/^-?\d+$/.test(text)) return Number.isSafeInteger(value) ? value : text;
  const [digits = ''] = text.toLowerCase().split('e');
  return digits.replace(/[-.]/g, '').replace(/^0+/, '').length <= 15 ? value : text;
}

const double: Reader = (text) => (Number.isFinite(Number(text)) ? Number(text) : text);

/** `2024-02-29 03:04:05.678+00` in RFC 3339; what that cannot say (infinity, years BC) stays. */
const TIMESTAMP = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?)(\+00)?$/;
const timestamp: Reader = (text) => {
  const [, date, time, zone] = TIMESTAMP.exec(text) ?? [];
  return date === undefined ? text : `${date}T${String(time)}${zone === undefined ? '' : 'Z'}`;
};

const bytes: Reader = (text) => Buffer.from(text.replace(/^\\x/, ''), 'hex').toString('base64');
const asWritten: Reader = (text) => text;
const boolean: Reader = (text) => text === 't';
const json: Reader = (text) => JSON.parse(text) as Json;

/** By the object identifier of a type, and of its array. Source: PostgreSQL, pg_type.dat. */
const READERS: readonly [type: number, array: number, read: Reader][] = [
  [16, 1000, boolean],
  [17, 1001, bytes],
  [20, 1016, exactNumber],
  [21, 1005, double],
  [23, 1007, double],
  [26, 1028, double],
  [700, 1021, double],
  [701, 1022, double],
  [1700, 1231, exactNumber],
  [114, 199, json],
  [3802, 3807, json],
  [1114, 1115, timestamp],
  [1184, 1185, timestamp],
  [25, 1009, asWritten],
  [1043, 1015, asWritten],
  [1042, 1014, asWritten],
  [18, 1002, asWritten],
  [19, 1003, asWritten],
  [1082, 1182, asWritten],
  [2950, 2951, asWritten],
];

const listOf =
  (read: Reader): Reader =>
  (text) =>
    parse(text, read);

const BY_TYPE: ReadonlyMap<number, Reader> = new Map(
  READERS.flatMap(([type, array, read]) => [
    [type, read],
    [array, listOf(read)],
  ]),
);

/** What makes JSON of a type's values, as the server writes them. */
export const readerOf = (type: number): Reader => BY_TYPE.get(type) ?? asWritten;
