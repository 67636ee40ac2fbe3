import type { ChannelDefinition, Json, JsonObject, JsonSchema } from '@aumos/agf-domain';

export type Channels = Record<string, ChannelDefinition>;

const isObject = (value: Json): value is JsonObject =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

const STARTS: Record<string, Json> = { append: [], union: [], merge: {}, sum: 0 };

export const startOf = ({ reducer = 'replace', default: given }: ChannelDefinition): Json =>
  given !== undefined ? given : (STARTS[reducer] ?? null);

const alike = (a: Json, b: Json): boolean => {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((x, i) => alike(x, b[i] as Json));
  if (!isObject(a) || !isObject(b)) return a === b;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length && keys.every((key) => key in b && alike(a[key] as Json, b[key] as Json))
  );
};

/** The value after a write; undefined where the reducer cannot take it. */
export function reduce({ reducer = 'replace' }: ChannelDefinition, before: Json, write: Json): Json | undefined {
  const list = Array.isArray(before) ? before : [];
  const more = Array.isArray(write) ? write : [write];
  switch (reducer) {
    case 'replace':
      return write;
    case 'append':
      return list.concat(more);
    case 'union': {
      const distinct = [...list];
      for (const item of more) if (!distinct.some((known) => alike(known, item))) distinct.push(item);
      return distinct;
    }
    case 'merge':
      return isObject(write) ? { ...(before as JsonObject), ...write } : undefined;
    case 'sum':
      return typeof write === 'number' ? Number(before) + write : undefined;
    case 'min':
    case 'max':
      if (typeof write !== 'number') return undefined;
      return before === null ? write : Math[reducer](Number(before), write);
  }
}

/** As much of JSON Schema as the generated channels use. */
function fits(schema: JsonSchema | undefined, value: Json): boolean {
  if (schema === undefined || typeof schema === 'boolean') return schema ?? true;
  if (typeof schema['maximum'] === 'number' && typeof value === 'number' && value > schema['maximum']) return false;
  if (schema['items'] !== undefined && Array.isArray(value))
    return value.every((item) => fits(schema['items'] as JsonSchema, item));
  const { type } = schema;
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'array') return Array.isArray(value);
  return type === 'number' || type === 'string' ? typeof value === type : true;
}

/** Whether the write is one the channel takes, seen from what the step's earlier writes left. */
export function takes(channel: ChannelDefinition, before: Json, write: Json): boolean {
  const grows = channel.reducer === 'append' || channel.reducer === 'union';
  const after = reduce(channel, grows ? [] : before, write);
  return after !== undefined && fits(channel.schema, after);
}
