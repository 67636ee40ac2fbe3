import type { Json } from '../../json/json.js';
import { DEFINITION_SCHEMA, type NodeDefinition } from '../definition.js';
import { sourceOf, namespace, variable } from './expression-text.js';

/** Of every place: the types say what is in scope where. */
const NAMES = {
  state: namespace('state'),
  ...Object.fromEntries(
    [
      'input',
      'execution',
      'tenant_id',
      'item',
      'index',
      'result',
      'privilege_level',
      'agent',
      'tool',
      'node',
      'arguments',
    ].map((name) => [name, variable(name)]),
  ),
};

const written = (value: unknown): unknown =>
  typeof value === 'function' ? (value as (names: typeof NAMES) => unknown)(NAMES) : value;

/** A value as the definition has it: `{cel}` in place of each expression. */
export const plainValue = (value: unknown): Json => withoutExpressions(written(value));

function withoutExpressions(value: unknown): Json {
  const cel = sourceOf(value);
  if (cel !== undefined) return { cel };
  if (typeof value !== 'object' || value === null) return value as Json;
  if (Array.isArray(value)) return value.map(withoutExpressions);
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withoutExpressions(member)]));
}

/** An expression as text. */
export const plainExpression = (expression: unknown): string => textOf(written(expression));

const textOf = (source: unknown): string => sourceOf(source) ?? (source as string);

/** A node of the language out of one that names callables by their types and writes its values by functions. */
export function plainNode(id: string, spec: object): NodeDefinition {
  const node: Record<string, unknown> = { id };
  for (const [key, member] of Object.entries(spec) as [string, unknown][]) {
    if (isCallable(member) && CALLABLES.has(key)) Object.assign(node, named(key, member), pick(spec, 'task_queue'));
    else if (key === 'outputs') node[key] = plainTexts(written(member) as object);
    else node[key] = plainValue(member);
  }
  const { compensate } = spec as { compensate?: { tool: string; arguments: unknown } };
  if (compensate) node['compensate'] = { ...compensate, arguments: plainValue(compensate.arguments) };
  return node as unknown as NodeDefinition;
}

const CALLABLES: ReadonlySet<string> = new Set(['tool', 'handler', 'workflow', 'signal']);
const isCallable = (member: unknown): member is Record<string, unknown> =>
  typeof member === 'object' && member !== null;

/** A workflow's name is its definition's; the others carry theirs, and a handler where it is. */
const named = (key: string, callable: Record<string, unknown>): object =>
  callable['schema'] === DEFINITION_SCHEMA ? { [key]: callable['name'] } : callable;

const pick = (spec: object, key: string): object =>
  Object.hasOwn(spec, key) ? { [key]: (spec as Record<string, unknown>)[key] } : {};

const plainTexts = (outputs: object): Record<string, string> =>
  Object.fromEntries(Object.entries(outputs).map(([channel, source]) => [channel, textOf(source)]));
