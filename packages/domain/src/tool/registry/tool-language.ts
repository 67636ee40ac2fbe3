/** A registered tool as a schema: the structure of what is sent. */
import { z } from 'zod';
import { NAME_PATTERN } from '../../definition/definition.js';
import { TOOL_CATEGORIES } from '../tool.js';
import { HTTP_TOOL_METHODS, TOOL_KINDS } from './tool-definition.js';

/** As models' protocols take names, too. */
const TOOL_NAME = /^[a-z][a-z0-9_]{0,63}$/;
export const SECRET_NAME = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;
/** RFC 9110, 5.6.2. */
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/;

/** What the outgoing client gives a request. */
const MOST_SECONDS = 30;
/** One attempt of a team's handler. */
const MOST_HANDLER_SECONDS = 3_600;
const MOST_DESCRIPTION = 4_096;

const anything = z.unknown().refine((value) => value !== undefined, 'is required');
const schema = z.record(z.string(), z.unknown(), { error: 'must be a JSON Schema that is an object' });
const text = (most: number): z.ZodString => z.string().min(1).max(most);
const members = <T extends z.ZodType>(name: RegExp, value: T): z.ZodOptional<z.ZodRecord<z.ZodString, T>> =>
  z.record(z.string().regex(name), value).optional();

const header = z.union(
  [
    z.string().max(4_096),
    z.strictObject({ cel: text(4_096) }),
    z.strictObject({ secret: z.string().regex(SECRET_NAME), prefix: z.string().max(64).optional() }),
  ],
  { error: 'must be a text, an expression, or the name of a secret' },
);

export const httpLanguage = z.strictObject({
  method: z.enum(HTTP_TOOL_METHODS),
  url: text(4_096),
  query: members(/^.{1,128}$/, anything),
  headers: members(HEADER_NAME, header),
  body: anything.optional(),
  any_status: z.boolean().optional(),
  result: anything.optional(),
});

const common = {
  name: z.string().regex(TOOL_NAME, 'must be a lower-case letter, then lower-case letters, digits or _, at most 64'),
  kind: z.enum(TOOL_KINDS),
  category: z.enum(TOOL_CATEGORIES),
  min_privilege_level: z.int().min(1).max(5),
  idempotent: z.boolean(),
  timeout_seconds: z.number().min(1).max(MOST_SECONDS),
  rate_limit: z.strictObject({ calls: z.int().min(1).max(1_000_000), seconds: z.int().min(1).max(86_400) }).optional(),
  cost: z.number().min(0).max(1_000_000_000).optional(),
};
const description = text(MOST_DESCRIPTION);
const output_schema = z.union([z.boolean(), schema], { error: 'must be a JSON Schema' });

const httpTool = z.strictObject({
  ...{ ...common, description, input_schema: schema, output_schema },
  http: httpLanguage,
});

const functionTool = z.strictObject({
  ...{ ...common, description, input_schema: schema, output_schema },
  timeout_seconds: z.number().min(1).max(MOST_HANDLER_SECONDS),
  function: z.strictObject({
    task_queue: text(128),
    handler: z.string().regex(NAME_PATTERN, 'must be the name of a handler'),
  }),
});

/** What its server says of it may be left out. */
const mcpTool = z.strictObject({
  ...common,
  description: description.optional(),
  input_schema: schema.optional(),
  output_schema: output_schema.optional(),
  mcp: z.strictObject({ url: text(4_096), tool: text(256), headers: members(HEADER_NAME, header) }),
});

/** By kind; of what is none of them, the first says so. */
export const toolLanguage = (kind: unknown): z.ZodType =>
  kind === 'function' ? functionTool : kind === 'mcp' ? mcpTool : httpTool;
