import type { AgentExecutor } from '@aumos/agf-node-worker';
import { say } from './say.js';

/** What a call gave, or the error with which it failed: a rejected approval, for one. */
interface Told {
  rows?: number;
  error?: { code: string; message: string };
}

/**
 * An agent without a model: profiles a data set, and loads it when it has rows. What has happened so far is in the
 * messages, so that any worker can take any turn. Its calls are guarded by the platform: loading waits for an approval.
 */
export const loadClerk: AgentExecutor = ({ prompt, messages }, context) => {
  say('load_clerk', context);
  const { source = '', table = '' } = prompt as { source?: string; table?: string };
  const [profile, load] = messages
    .filter(({ role }) => role === 'tool')
    .map(({ content }) => JSON.parse(content ?? 'null') as Told);
  if (!profile) return { calls: [{ tool: 'csv_profile', arguments: { source } }] };
  if (profile.error) return { answer: { loaded: 0, why: profile.error.code } };
  if (profile.rows === 0) return { answer: { loaded: 0, why: 'EMPTY' } };
  if (!load) return { calls: [{ tool: 'table_load', arguments: { source, table } }] };
  return { answer: load.error ? { loaded: 0, why: load.error.code } : { loaded: load.rows ?? 0, why: null } };
};
