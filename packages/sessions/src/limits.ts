/** How much an agent may remember. Bytes are as stored: the JSON text, or what it is sealed to. */
export interface SessionLimits {
  /** of one value */
  valueBytes: number;
  /** of a session's keys and values together */
  sessionBytes: number;
  /** of one session */
  keys: number;
  /** of one agent, shared ones that it wrote to included */
  sessions: number;
}

export const DEFAULT_LIMITS: SessionLimits = {
  valueBytes: 262_144,
  sessionBytes: 4_194_304,
  keys: 1_000,
  sessions: 10_000,
};
