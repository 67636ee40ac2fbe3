import type { ExecutionError, GatePolicy, Json } from '@aumos/agf-domain/runtime';

/**
 * A call is held by policies of its tenant that people were not asked under: nothing was done, and the call is to be made,
 * and approved, anew. The error's `details.policies` are those policies.
 */
export const POLICIES_CHANGED = 'GATE_POLICIES_CHANGED';

/** Those that came or changed meanwhile; undefined: the error is another one. */
export function policiesTold({ code, details }: Pick<ExecutionError, 'code' | 'details'>): GatePolicy[] | undefined {
  const told: unknown = details['policies'];
  if (code !== POLICIES_CHANGED || !Array.isArray(told) || told.length === 0 || !told.every(isPolicy)) return undefined;
  return told as GatePolicy[];
}

const isPolicy = (value: Json): boolean =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  typeof value['name'] === 'string' &&
  typeof value['condition'] === 'string';

/** What was known goes on to hold, but for what has changed under its name. */
export const learned = (known: readonly GatePolicy[], told: readonly GatePolicy[]): GatePolicy[] =>
  [...known.filter(({ name }) => !told.some((each) => each.name === name)), ...told].sort((a, b) =>
    a.name < b.name ? -1 : 1,
  );
