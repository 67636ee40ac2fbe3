import { type FieldError, isStorableText } from '@aumos/agf-domain';

/** Of these members the texts that PostgreSQL cannot hold. */
export const unstorable = (members: Record<string, string | null | undefined>): FieldError[] =>
  Object.entries(members).flatMap(([field, text]) =>
    typeof text === 'string' && !isStorableText(text) ? [{ field, error: 'holds what cannot be stored' }] : [],
  );
