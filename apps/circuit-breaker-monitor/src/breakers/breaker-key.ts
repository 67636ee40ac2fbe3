import type { BreakerKey } from '@aumos/agf-domain';
import { notFound } from '@aumos/agf-platform';

export const BREAKER_KINDS = ['agent', 'workflow', 'tool'] as const;
export type BreakerKind = (typeof BREAKER_KINDS)[number];

const KEY = /^(agent|workflow):[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$|^tool:[A-Za-z][A-Za-z0-9_.-]{0,127}$/;

/** @throws ApiError NOT_FOUND for what cannot be a breaker's key */
export function breakerKeyOf(text: string): BreakerKey {
  if (!KEY.test(text)) throw notFound();
  return text as BreakerKey;
}

export const kindOf = (key: BreakerKey): BreakerKind => key.slice(0, key.indexOf(':')) as BreakerKind;
/** An id, or a tool's name. */
export const subjectOf = (key: BreakerKey): string => key.slice(key.indexOf(':') + 1);
