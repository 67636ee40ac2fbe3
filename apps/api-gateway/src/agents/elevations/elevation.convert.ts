import { elevationStatus } from '@aumos/agf-domain';
import type { ElevationEntity, ElevationVoteEntity } from '@aumos/agf-persistence';
import type { ElevationView } from './elevation.view.js';

/** @param version of the agent now @param votes of any elevations */
export const elevationView = (
  row: ElevationEntity,
  version: number,
  votes: readonly ElevationVoteEntity[],
): ElevationView => ({
  id: row.id,
  agent_id: row.agent_id,
  agent_version: row.agent_version,
  privilege_level: row.privilege_level,
  seconds: row.seconds,
  reason: row.reason,
  status: elevationStatus(row, version, new Date()),
  requested_by: row.requested_by,
  votes: votes
    .filter(({ elevation_id }) => elevation_id === row.id)
    .map(({ actor, decision, notes, created_at }) => ({
      actor,
      decision,
      notes,
      created_at: created_at.toISOString(),
    })),
  expires_at: row.expires_at.toISOString(),
  created_at: row.created_at.toISOString(),
});
