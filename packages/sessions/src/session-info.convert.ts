import { sessionId } from './session-ref.js';

/** What is known of a session without its values. */
export interface SessionInfo {
  /** a private session's own, or `shared:<execution>` */
  id: string;
  kind: 'private' | 'shared';
  /** of a shared session */
  execution_id: string | null;
  /** of a shared session: the agents that may open it */
  agents: string[] | null;
  keys: number;
  /** of keys and values, as stored */
  bytes: number;
  /** of the last change */
  version: number;
  created_at: Date;
  updated_at: Date;
  expires_at: Date;
}

const MICROSECONDS = 1_000;

/** @param known as the scripts tell it: keys, version, bytes, made, members */
export function sessionInfo(name: string, endsAt: number, known: readonly unknown[]): SessionInfo {
  const [keys, version, bytes, made, members] = known;
  const { id, kind } = sessionId(name);
  const isShared = kind === 'shared';
  return {
    id,
    kind,
    execution_id: isShared ? id.slice(id.indexOf(':') + 1) : null,
    agents: isShared ? String(members).split(',').filter(Boolean) : null,
    keys: Number(keys),
    bytes: Number(bytes),
    version: Number(version),
    created_at: new Date(Number(made)),
    updated_at: new Date(Number(version) / MICROSECONDS),
    expires_at: new Date(endsAt),
  };
}
