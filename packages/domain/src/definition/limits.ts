/** Ten years: longer times overflow what timers take. */
export const MAX_SECONDS = 315_360_000;

/** Bounds of one definition. Source: the definition language, "Names, schemas, limits". */
export const DEFINITION_LIMITS = {
  /** bytes of the definition's UTF-8 JSON */
  bytes: 1_048_576,
  /** levels of nesting; the definition itself is level 1 */
  depth: 64,
  nodes: 10_000,
  /** bytes of one expression's UTF-8 source */
  expressionBytes: 4_096,
  /** findings kept of one check; the rest is counted, not listed */
  findings: 10_000,
} as const;
