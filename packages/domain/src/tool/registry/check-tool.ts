import type { z } from 'zod';
import { FindingList } from '../../definition/findings.js';
import { snapshotJson } from '../../definition/snapshot.js';
import type { FieldError } from '../../errors/codes.js';
import type { Json, JsonObject } from '../../json/json.js';
import { FORBIDDEN_KEYS, ownMember } from '../../json/own.js';
import { jsonSize } from '../../json/size.js';
import { checkFunction } from './check-function.js';
import { checkHttp } from './check-http.js';
import { checkMcp, type McpAsked } from './check-mcp.js';
import { inputErrors, MOST_BYTES, outputErrors, tooLarge } from './check-schemas.js';
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
  const findings = new FindingList();
  const copy = snapshotJson(input, findings);
  const hostile = findings.toArray().map(({ pointer = '', message }) => ({ field: fieldOf(pointer), error: message }));
  if (copy === undefined || hostile.length > 0) return { fields: hostile.slice(0, MOST_ERRORS) };
  if (jsonSize(copy) > MOST_BYTES) return { fields: [{ field: '', error: tooLarge(MOST_BYTES) }] };
  const kind = typeof copy === 'object' && copy !== null ? ownMember(copy as JsonObject, 'kind') : undefined;
  const parsed = toolLanguage(kind).safeParse(copy, { jitless: true });
  if (!parsed.success)
    return { fields: parsed.error.issues.flatMap((issue) => told(issue, copy)).slice(0, MOST_ERRORS) };
  const tool = copy as unknown as OwnTool | McpAsked;
  const fields = [...nameErrors(tool.name, builtin), ...ownErrors(tool)];
  if (fields.length > 0) return { fields: fields.slice(0, MOST_ERRORS) };
  return tool.kind === 'mcp' ? { asked: tool } : { definition: tool };
}

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

function told(issue: z.core.$ZodIssue, input: Json): FieldError[] {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ field: [...path, key].join('.'), error: 'must not be there' }));
  const field = path.join('.');
  if (valueAt(input, path) === undefined) return [{ field, error: 'is required' }];
  return [{ field, error: issue.code === 'invalid_key' ? 'has a name that is none' : issue.message }];
}

const valueAt = (input: Json, path: readonly string[]): Json | undefined =>
  path.reduce<Json | undefined>(
    (value, part) =>
      typeof value === 'object' && value !== null ? ownMember(value as { [key: string]: Json }, part) : undefined,
    input,
  );

/** `/http/headers/a~1b` as `http.headers.a/b`. */
const fieldOf = (pointer: string): string =>
  pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .join('.');
