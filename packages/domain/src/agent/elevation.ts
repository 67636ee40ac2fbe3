import type { PrivilegeLevel } from '../privilege/privilege-level.js';

/** So many people approve an elevation; who asked for it is none of them. */
export const ELEVATION_APPROVERS = 2;
/** For how long an agent may be elevated, seconds. */
export const ELEVATION_SECONDS = { least: 60, most: 8 * 3_600 } as const;
/** Nobody need decide on a request later than that, seconds. */
export const ELEVATION_REQUEST_SECONDS = 24 * 3_600;

/** What one of them says. */
export type ElevationVote = 'approve' | 'reject';

/** What was decided. */
export const ELEVATION_DECISIONS = ['requested', 'granted', 'rejected', 'revoked'] as const;
export type ElevationDecision = (typeof ELEVATION_DECISIONS)[number];

/** What it is now: only an active one raises anything. */
export const ELEVATION_STATUSES = ['requested', 'active', 'rejected', 'revoked', 'expired', 'superseded'] as const;
export type ElevationStatus = (typeof ELEVATION_STATUSES)[number];

/** An agent may act at a higher level for a while, as the version that it was when that was asked for. */
export interface Elevation {
  decision: ElevationDecision;
  privilege_level: PrivilegeLevel;
  agent_version: number;
  /** of the request, and once it is granted of the elevation */
  expires_at: Date;
}

/**
 * Nothing is ended by anybody: time does it, or a change of the agent, since another agent than this one was approved.
 * @param version of the agent now
 */
export function elevationStatus(elevation: Elevation, version: number, now: Date): ElevationStatus {
  const { decision, agent_version, expires_at } = elevation;
  if (decision === 'rejected' || decision === 'revoked') return decision;
  if (agent_version !== version) return 'superseded';
  if (expires_at <= now) return 'expired';
  return decision === 'granted' ? 'active' : 'requested';
}
