import type { JsonObject, PrivilegeLevel } from '@aumos/agf-domain';
import type { ToolCall } from '@aumos/agf-engine/common';

/** A call as its guards see it, of a tool or of a handler. */
export type GuardedCall = Omit<ToolCall, 'tool' | 'tool_version' | 'ended'>;

/** What is called. A handler has no version, and needs nothing itself. */
export interface Callee {
  kind: 'tool' | 'handler';
  name: string;
  version: number | null;
  min_privilege_level: PrivilegeLevel;
}

/** Whose choice the call was, for the audit. */
export const actingAgent = ({ agent }: GuardedCall): JsonObject => (agent ? { agent_id: agent.id } : {});
