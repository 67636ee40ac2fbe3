/** Signals an execution keeps until a wait node takes them. Source: the definition language, "Wait". */
export const SIGNAL_LIMITS = {
  /** of all names together */
  kept: 1_000,
  /** of one payload's UTF-8 JSON */
  bytes: 128 * 1_024,
} as const;
