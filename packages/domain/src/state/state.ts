import { type ChannelDefinition } from '../definition/definition.js';
import { type Json, type JsonObject } from '../json/json.js';
import { setOwn } from '../json/own.js';
import { EMPTY, REDUCE } from './reducers.js';

/** Bytes of a state's UTF-8 JSON, and so of whatever one is made of. Source: the definition language, "limits". */
export const STATE_LIMIT_BYTES = 8 * 1024 * 1024;

/** Always there without being declared: the last error that an `on_error` edge took, or null. */
export const ERROR_CHANNEL = 'error';

/** What a channel holds until it is written. A fresh value: nobody can change another one's default. */
export const defaultOf = (channel: ChannelDefinition): Json =>
  structuredCopy(channel.default === undefined ? EMPTY[channel.reducer ?? 'replace'] : channel.default);

const structuredCopy = (value: Json): Json => JSON.parse(JSON.stringify(value)) as Json;

/** Every declared channel with its default, and `error`. */
export function initialState(channels: Readonly<Record<string, ChannelDefinition>> = {}): JsonObject {
  const state: JsonObject = { [ERROR_CHANNEL]: null };
  for (const [name, channel] of Object.entries(channels)) setOwn(state, name, defaultOf(channel));
  return state;
}

/**
 * A channel's value after a write. Pure: neither value is changed, the result may share parts with both.
 * @throws StateWriteError (STATE_SCHEMA) where the reducer cannot take the write
 */
export const applyWrite = (channel: ChannelDefinition, current: Json, write: Json): Json =>
  REDUCE[channel.reducer ?? 'replace'](current, write);
