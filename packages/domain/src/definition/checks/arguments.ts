import type { Json, JsonObject, JsonSchema } from '../../json/json.js';
import { ownMember } from '../../json/own.js';
import type { ToolSpec } from '../../tool/tool.js';
import { pointerTo, shown } from '../findings.js';
import { formOf, isLiteral } from '../values.js';
import type { CheckContext } from './context.js';
import { compiledSchema } from './schemas.js';

interface Problem {
  /** below the arguments */
  pointer: string;
  message: string;
}

/** What is literal in a tool's arguments is compared with its input schema; expressions are left to the call. */
export const checkArguments = ({ draft, catalog, findings }: CheckContext): void => {
  for (const { value: node, pointer } of draft.nodes) {
    if (node === undefined) continue;
    const calls = [
      { tool: node.type === 'tool' ? node.tool : undefined, value: argumentsOf(node), member: '/arguments' },
      { tool: node.compensate?.tool, value: node.compensate?.arguments, member: '/compensate/arguments' },
    ];
    for (const { tool, value, member } of calls) {
      const spec = tool === undefined ? undefined : catalog.tools.get(tool);
      if (spec === undefined) continue;
      for (const problem of problemsOf(spec, value ?? {})) {
        const message = `${spec.name}: ${problem.message}`;
        const at = `${pointer}${member}${problem.pointer}`;
        findings.error({ rule: 'TOOL_ARGUMENTS', message, node: node.id, pointer: at, hint: 'see its input_schema' });
      }
    }
  }
};

const argumentsOf = (node: { type: string; arguments?: Json }): Json | undefined =>
  node.type === 'tool' ? node.arguments : undefined;

const problemsOf = (spec: ToolSpec, value: Json): Problem[] => {
  const root = spec.input_schema;
  return [...compare(root, value, '', typeof root === 'boolean' ? undefined : root)];
};

function* compare(schema: JsonSchema, value: Json, pointer: string, root: JsonObject | undefined): Generator<Problem> {
  if (isLiteral(value)) {
    yield* check(schema, value, pointer, root);
  } else if (typeof schema !== 'boolean' && typeof value === 'object' && value !== null) {
    if (Array.isArray(value)) yield* compareItems(schema, value, pointer, root);
    else if (formOf(value) === undefined) yield* compareMembers(schema, value, pointer, root);
  }
}

function* compareMembers(
  schema: JsonObject,
  value: JsonObject,
  pointer: string,
  root: JsonObject | undefined,
): Generator<Problem> {
  const properties = asObject(schema['properties']);
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  for (const name of required) {
    if (typeof name === 'string' && !Object.hasOwn(value, name)) {
      yield { pointer, message: `${shown(name)} is missing` };
    }
  }
  for (const [name, member] of Object.entries(value)) {
    const at = `${pointer}${pointerTo([name])}`;
    const property = properties && ownMember(properties, name);
    if (isSchema(property)) yield* compare(property, member, at, root);
    else if (schema['additionalProperties'] === false && schema['patternProperties'] === undefined) {
      yield { pointer: at, message: `${shown(name)} is not an argument` };
    }
  }
}

function* compareItems(
  schema: JsonObject,
  value: Json[],
  pointer: string,
  root: JsonObject | undefined,
): Generator<Problem> {
  const items = schema['items'];
  if (!isSchema(items) || schema['prefixItems'] !== undefined) return;
  for (const [index, item] of value.entries()) yield* compare(items, item, `${pointer}/${index}`, root);
}

function* check(schema: JsonSchema, value: Json, pointer: string, root: JsonObject | undefined): Generator<Problem> {
  const compiled = compiledSchema(withDefinitions(schema, root));
  if (!('check' in compiled)) return;
  for (const issue of compiled.check(value)) yield { pointer: `${pointer}${issue.pointer}`, message: issue.message };
}

/** A part of a schema still refers to the definitions of the whole. */
const withDefinitions = (schema: JsonSchema, root: JsonObject | undefined): JsonSchema => {
  if (typeof schema === 'boolean' || root === undefined || schema === root || root['$defs'] === undefined)
    return schema;
  return { ...schema, $defs: root['$defs'] };
};

const isSchema = (value: Json | undefined): value is JsonSchema =>
  typeof value === 'boolean' || asObject(value) !== undefined;
const asObject = (value: Json | undefined): JsonObject | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
