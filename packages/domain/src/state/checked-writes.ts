import { type ChannelDefinition } from '../definition/definition.js';
import { type Json, type JsonObject, type JsonSchema } from '../json/json.js';
import { compileSchema, type CompiledSchema } from '../schema/compile-schema.js';
import { type SchemaIssue } from '../schema/schema-issue.js';
import { applyWrite, defaultOf, ERROR_CHANNEL } from './state.js';
import { StateWriteError } from './reducers.js';

/** Definitions are immutable: a channel's schema object is compiled once while anybody holds it. */
const compiled = new WeakMap<object, CompiledSchema>();

function schemaOf(schema: JsonSchema): CompiledSchema {
  if (typeof schema === 'boolean') return compileSchema(schema);
  const known = compiled.get(schema) ?? compileSchema(schema);
  compiled.set(schema, known);
  return known;
}

/**
 * What a channel's schema describes is its value, so a write is checked as the value it makes. For a list only what is
 * added is looked at: checking 10,000 appends must not read the list 10,000 times.
 */
function checkedForm(channel: ChannelDefinition, current: Json | undefined, write: Json): Json {
  const grows = channel.reducer === 'append' || channel.reducer === 'union';
  return applyWrite(channel, grows ? [] : (current ?? defaultOf(channel)), write);
}

function checkWrite(name: string, channel: ChannelDefinition, current: Json | undefined, write: Json): SchemaIssue[] {
  const pointer = `/${name}`;
  try {
    const value = checkedForm(channel, current, write);
    const issues = channel.schema === undefined ? [] : schemaOf(channel.schema).check(value);
    return issues.map((issue) => ({ ...issue, pointer: pointer + issue.pointer }));
  } catch (error) {
    if (error instanceof StateWriteError) return [{ pointer, message: error.message }];
    throw error;
  }
}

/**
 * Each write against its channel: the reducer's kind of value and the schema. Pointers start with the channel's name.
 * @param state the values that `merge`, `sum`, `min` and `max` go on from; without it, their defaults
 */
export function checkedWrites(
  channels: Readonly<Record<string, ChannelDefinition>>,
  writes: JsonObject,
  state: JsonObject = {},
): SchemaIssue[] {
  return Object.entries(writes).flatMap(([name, write]) => {
    if (Object.hasOwn(channels, name)) {
      const current = Object.hasOwn(state, name) ? state[name] : undefined;
      return checkWrite(name, channels[name] as ChannelDefinition, current, write);
    }
    return name === ERROR_CHANNEL ? [] : [{ pointer: `/${name}`, message: 'is not a channel of the workflow' }];
  });
}
