import { type FieldError, invalidRequest, SECRET_NAME } from '@aumos/agf-domain';
import type { CreateSecretDto, ReplaceSecretDto } from './secret.dto.js';

/** Shorter ones could not be told from what an answer may hold anyway. */
const LEAST_CHARACTERS = 8;
const MOST_CHARACTERS = 4_096;
const MOST_HOSTS = 20;
const VISIBLE = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;

export interface CheckedSecret {
  value: string;
  hosts: string[];
}

/** No error tells the value. @throws ApiError VALIDATION_ERROR */
export function checkedSecret({ value, hosts }: ReplaceSecretDto): CheckedSecret {
  const fields: FieldError[] = [];
  if (!isValue(value))
    fields.push({
      field: 'value',
      error: `must be ${String(LEAST_CHARACTERS)} to ${String(MOST_CHARACTERS)} characters of visible ASCII`,
    });
  if (!isList(hosts)) fields.push({ field: 'hosts', error: `must be a list of 1 to ${String(MOST_HOSTS)} hosts` });
  else if (!hosts.every(isHost))
    fields.push({
      field: 'hosts',
      error: 'must be hosts as URLs have them: lower case, with a port unless it is the default',
    });
  if (fields.length > 0) throw invalidRequest(fields);
  return { value: value as string, hosts: [...new Set(hosts as string[])] };
}

/** @throws ApiError VALIDATION_ERROR */
export function checkedName({ name }: CreateSecretDto): string {
  if (typeof name === 'string' && SECRET_NAME.test(name)) return name;
  const error = 'must be a letter, then letters, digits, _ or -, at most 64 characters';
  throw invalidRequest([{ field: 'name', error }]);
}

const isValue = (value: unknown): value is string =>
  typeof value === 'string' &&
  value.length >= LEAST_CHARACTERS &&
  value.length <= MOST_CHARACTERS &&
  VISIBLE.test(value);

const isList = (hosts: unknown): hosts is unknown[] =>
  Array.isArray(hosts) && hosts.length >= 1 && hosts.length <= MOST_HOSTS;

const isHost = (host: unknown): boolean => {
  if (typeof host !== 'string' || host.includes('*') || !URL.canParse(`https://${host}`)) return false;
  return new URL(`https://${host}`).host === host;
};
