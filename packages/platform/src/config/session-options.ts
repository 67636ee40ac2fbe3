import type { sessionDefaults } from './catalogue.js';
import type { Settings } from './settings.js';

interface SessionOptions {
  ttlSeconds: number;
  limits: { valueBytes: number; sessionBytes: number; keys: number; sessions: number };
}

/** What the sessions of every app take: they share one Redis. */
export const sessionOptionsOf = (settings: Settings<typeof sessionDefaults>): SessionOptions => ({
  ttlSeconds: settings.sessionTtlSeconds,
  limits: {
    valueBytes: settings.sessionMaxValueBytes,
    sessionBytes: settings.sessionMaxBytes,
    keys: settings.sessionMaxKeys,
    sessions: settings.agentMaxSessions,
  },
});
