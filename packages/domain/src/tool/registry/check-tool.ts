import type { FieldError } from '../../errors/codes.js';
import type { Json } from '../../json/json.js';
import { FORBIDDEN_KEYS, ownMember } from '../../json/own.js';
import { checkFunction } from './check-function.js';
import { checkHttp } from './check-http.js';
import { checkMcp, type McpAsked } from './check-mcp.js';
import { inputErrors, MOST_BYTES, outputErrors } from './check-schemas.js';
import { checkedInput } from './checked-input.js';
import type { FunctionToolDefinition, HttpToolDefinition } from './tool-definition.js';
import { toolLanguage } from './tool-language.js';

const MOST_ERRORS = 100;

/** Parts of the paths below `/tools`. */
const PATHS: ReadonlySet<string> = new Set(['builtin']);

type OwnTool = HttpToolDefinition | FunctionToolDefinition;
/** `asked`: what is left out of it, its server says. */
export type CheckedTool = { definition: OwnTool } | { asked: McpAsked } | { fields: FieldError[] };

/**
 * Everything that can be said of a tool without its tenant. Takes anything, throws nothing.
 * @param builtin names that every tenant's tools have already
 */
export function checkTool(input: unknown, builtin: ReadonlySet<string>): CheckedTool {
  const checked = checkedInput(input, (copy) => toolLanguage(kindOf(copy)), MOST_BYTES);
  if ('fields' in checked) return checked;
  const tool = checked.value as unknown as OwnTool | McpAsked;
  const fields = [...nameErrors(tool.name, builtin), ...ownErrors(tool)];
  if (fields.length > 0) return { fields: fields.slice(0, MOST_ERRORS) };
  return tool.kind === 'mcp' ? { asked: tool } : { definition: tool };
}

const kindOf = (tool: Json): unknown =>
  typeof tool === 'object' && tool !== null && !Array.isArray(tool) ? ownMember(tool, 'kind') : undefined;

function ownErrors(tool: OwnTool | McpAsked): FieldError[] {
  if (tool.kind === 'mcp') return checkMcp(tool);
  return [
    ...inputErrors(tool.input_schema),
    ...outputErrors(tool.output_schema),
    ...(tool.kind === 'http' ? checkHttp(tool) : checkFunction(tool)),
  ];
}

function nameErrors(name: string, builtin: ReadonlySet<string>): FieldError[] {
  if (builtin.has(name)) return [{ field: 'name', error: 'is that of a built-in tool' }];
  const reserved = PATHS.has(name) || FORBIDDEN_KEYS.has(name) || name.startsWith('agf_');
  return reserved ? [{ field: 'name', error: 'is reserved' }] : [];
}
