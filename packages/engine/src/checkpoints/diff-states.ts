import { canonicalJson, type Json, type JsonObject } from '@aumos/agf-domain/runtime';
import { own } from '../workflow/plan/own.js';

/** A channel whose value differs; a whole value, not a part of it. */
export interface ChannelChange {
  channel: string;
  before: Json;
  after: Json;
}

const sameValue = (a: Json, b: Json): boolean => a === b || canonicalJson(a) === canonicalJson(b);

/** Channels that differ, by name; one that only one side has is null on the other. The order of members is no difference. */
export function diffStates(a: JsonObject, b: JsonObject): ChannelChange[] {
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
  return names
    .map((channel) => ({ channel, before: own(a, channel) ?? null, after: own(b, channel) ?? null }))
    .filter(({ before, after }) => !sameValue(before, after));
}
