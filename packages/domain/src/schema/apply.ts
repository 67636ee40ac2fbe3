import { type Json } from '../json/json.js';
import { type CheckRun } from './check-run.js';
import { type Place } from './place.js';
import { type SchemaNode } from './schema-node.js';

/** A schema on a value; every keyword is asked, so that all issues are found. */
export function apply(node: SchemaNode, value: Json, place: Place, run: CheckRun, seen = run.seen()): boolean {
  run.enter(place);
  let holds = true;
  for (const check of node.checks) holds = check(value, place, run, seen) && holds;
  return holds;
}

/** Like `Array.every`, but it asks all of them. */
export function every<T>(list: readonly T[], holds: (item: T, index: number) => boolean): boolean {
  let all = true;
  for (let i = 0; i < list.length; i++) all = holds(list[i] as T, i) && all;
  return all;
}
