import { ApiError, checkTool, type FieldError, parseUrlTemplate, type ToolDefinition } from '@aumos/agf-domain';
import type { ToolSecretsRepository } from '@aumos/agf-persistence';

/** @throws ApiError VALIDATION_ERROR */
export function checkedTool(body: object, builtin: ReadonlySet<string>): ToolDefinition {
  const checked = checkTool({ ...body }, builtin);
  if ('fields' in checked) throw invalid(checked.fields);
  return checked.definition;
}

/** What it sends must be there, and be for where it goes. Needs an open tenant scope. @throws ApiError VALIDATION_ERROR */
export async function checkSecrets({ http }: ToolDefinition, secrets: ToolSecretsRepository): Promise<void> {
  const { host } = parseUrlTemplate(http.url);
  const fields: FieldError[] = [];
  for (const [header, value] of Object.entries(http.headers ?? {})) {
    if (typeof value !== 'object' || !('secret' in value)) continue;
    const found = await secrets.find(value.secret);
    const field = `http.headers.${header}`;
    if (!found) fields.push({ field, error: `there is no secret ${value.secret}` });
    else if (!found.hosts.includes(host))
      fields.push({ field, error: `the secret ${value.secret} is not for ${host}` });
  }
  if (fields.length > 0) throw invalid(fields);
}

export const invalid = (fields: FieldError[]): ApiError =>
  new ApiError('VALIDATION_ERROR', 'The request is not valid.', { fields });
