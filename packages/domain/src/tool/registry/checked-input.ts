import type { z } from 'zod';
import { FindingList } from '../../definition/findings.js';
import { snapshotJson } from '../../definition/snapshot.js';
import type { FieldError } from '../../errors/codes.js';
import type { Json } from '../../json/json.js';
import { ownMember } from '../../json/own.js';
import { jsonSize } from '../../json/size.js';

const MOST_ERRORS = 100;

export type CheckedInput = { value: Json } | { fields: FieldError[] };

/** A copy of what somebody sent, when it is of the language. Takes anything, throws nothing. */
export function checkedInput(
  input: unknown,
  language: z.ZodType | ((copy: Json) => z.ZodType),
  mostBytes: number,
): CheckedInput {
  const findings = new FindingList();
  const copy = snapshotJson(input, findings);
  const hostile = findings.toArray().map(({ pointer = '', message }) => ({ field: fieldOf(pointer), error: message }));
  if (copy === undefined || hostile.length > 0) return { fields: hostile.slice(0, MOST_ERRORS) };
  if (jsonSize(copy) > mostBytes) return { fields: [{ field: '', error: tooLarge(mostBytes) }] };
  const parsed = (typeof language === 'function' ? language(copy) : language).safeParse(copy, { jitless: true });
  if (parsed.success) return { value: copy };
  return { fields: parsed.error.issues.flatMap((issue) => told(issue, copy)).slice(0, MOST_ERRORS) };
}

export const tooLarge = (most: number): string => `has more than ${String(most)} bytes`;

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
