import type { JsonSchema } from '../../json/json.js';
import { type ChannelDefinition, type Reducer, type WorkflowDefinition } from '../definition.js';
import { jsonText, memberName } from './program-text.js';

/** The reducers as functions of the program; each is written out where a channel uses it. */
const REDUCERS: Record<
  Exclude<Reducer, 'replace'>,
  { type: string; update: string; initial: string; code: string[] }
> = {
  append: {
    type: 'unknown[]',
    update: 'unknown',
    initial: '[]',
    code: ['const append = (list: unknown[], write: unknown): unknown[] => list.concat(write);'],
  },
  union: {
    type: 'unknown[]',
    update: 'unknown',
    initial: '[]',
    code: [
      'const union = (list: unknown[], write: unknown): unknown[] => [',
      '  ...new Map(list.concat(write).map((item) => [JSON.stringify(item), item])).values(),',
      '];',
    ],
  },
  merge: {
    type: 'Record<string, unknown>',
    update: 'Record<string, unknown>',
    initial: '{}',
    code: [
      'const merge = (object: Record<string, unknown>, write: Record<string, unknown>): Record<string, unknown> => ({',
      '  ...object,',
      '  ...write,',
      '});',
    ],
  },
  sum: {
    type: 'number',
    update: 'number',
    initial: '0',
    code: ['const sum = (total: number, write: number): number => total + write;'],
  },
  min: {
    type: 'number | null',
    update: 'number | null',
    initial: 'null',
    code: [
      'const min = (least: number | null, write: number | null): number | null =>',
      '  least === null || (write !== null && write < least) ? write : least;',
    ],
  },
  max: {
    type: 'number | null',
    update: 'number | null',
    initial: 'null',
    code: [
      'const max = (most: number | null, write: number | null): number | null =>',
      '  most === null || (write !== null && write > most) ? write : most;',
    ],
  },
};

/** The reducers and the channels of a program, and the names the channels take. */
export const writeState = (definition: WorkflowDefinition): { lines: string[]; channels: string[] } => {
  const declared = Object.entries(definition.state ?? {});
  // What the language has beside the declared channels: the input, the last error, the collected ones.
  const implicit: [string, string][] = [
    ['input', `Annotation<${typeOf(definition.input)}>`],
    ['error', 'Annotation<Record<string, unknown> | null>'],
    ['errors', 'Annotation<unknown[]>'],
  ];
  const own = new Set(declared.map(([name]) => name));
  const members = [
    ...implicit.filter(([name]) => !own.has(name)).map(([name, text]) => `${name}: ${text},`),
    ...declared.map(([name, channel]) => `${memberName(name)}: ${channelText(channel)},`),
  ];
  const used = new Set(declared.map(([, { reducer }]) => reducer));
  const reducers = Object.entries(REDUCERS).flatMap(([name, { code }]) => (used.has(name as Reducer) ? code : []));
  const lines = [...reducers, '', 'const State = Annotation.Root({', ...members.map((line) => `  ${line}`), '});'];
  return { lines, channels: [...own, ...implicit.map(([name]) => name)] };
};

const channelText = ({ schema, reducer = 'replace', default: initial }: ChannelDefinition): string => {
  if (reducer === 'replace') {
    const type = `${typeOf(schema)} | null`;
    if (initial === undefined) return `Annotation<${type}>`;
    return `Annotation<${type}>({ reducer: (_, write) => write, default: () => (${jsonText(initial)}) })`;
  }
  const { type, update, initial: byDefault } = REDUCERS[reducer];
  const value = initial === undefined ? byDefault : jsonText(initial);
  return `Annotation<${type}, ${update}>({ reducer: ${reducer}, default: () => (${value}) })`;
};

const TYPES: Record<string, string> = {
  string: 'string',
  number: 'number',
  integer: 'number',
  boolean: 'boolean',
  array: 'unknown[]',
  object: 'Record<string, unknown>',
};

const typeOf = (schema: JsonSchema | undefined): string => {
  const type = typeof schema === 'object' ? schema['type'] : undefined;
  return (typeof type === 'string' && Object.hasOwn(TYPES, type) ? TYPES[type] : undefined) ?? 'unknown';
};
