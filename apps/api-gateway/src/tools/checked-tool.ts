import {
  type CheckedTool,
  checkTool,
  type FieldError,
  type FunctionToolDefinition,
  type HttpToolDefinition,
  invalidRequest,
  type McpAsked,
  parseUrlTemplate,
  type SecretReference,
} from '@aumos/agf-domain';
import type { ToolSecretsRepository } from '@aumos/agf-persistence';

/** @throws ApiError VALIDATION_ERROR */
export function checkedTool(
  body: object,
  builtin: ReadonlySet<string>,
): Exclude<CheckedTool, { fields: FieldError[] }> {
  const checked = checkTool({ ...body }, builtin);
  if ('fields' in checked) throw invalidRequest(checked.fields);
  return checked;
}

/** What it sends must be there, and be for where it goes. Needs an open tenant scope. @throws ApiError VALIDATION_ERROR */
export async function checkSecrets(
  tool: HttpToolDefinition | FunctionToolDefinition | McpAsked,
  secrets: ToolSecretsRepository,
): Promise<void> {
  if (tool.kind === 'function') return;
  const [place, { url, headers = {} }] = tool.kind === 'http' ? ['http', tool.http] : ['mcp', tool.mcp];
  const { host } = parseUrlTemplate(url);
  const fields: FieldError[] = [];
  for (const [header, value] of Object.entries(headers)) {
    if (!isReference(value)) continue;
    const found = await secrets.find(value.secret);
    const field = `${place}.headers.${header}`;
    if (!found) fields.push({ field, error: `there is no secret ${value.secret}` });
    else if (!found.hosts.includes(host))
      fields.push({ field, error: `the secret ${value.secret} is not for ${host}` });
  }
  if (fields.length > 0) throw invalidRequest(fields);
}

const isReference = (value: string | object): value is SecretReference =>
  typeof value === 'object' && 'secret' in value;
