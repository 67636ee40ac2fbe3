import type { ApproverGroup } from '../approval/approval-rule.js';
import type { PrivilegeLevel, Role } from '../privilege/privilege-level.js';
import type { ToolSpec } from '../tool/tool.js';
import type { NodeType } from './definition.js';
import type { OptionalMember } from './availability.js';

export interface AgentInfo {
  privilege_level: PrivilegeLevel;
  /** names of the tools it may use; absent: any */
  tools?: readonly string[];
}
export interface HandlerInfo {
  min_privilege_level: PrivilegeLevel;
  idempotent: boolean;
}
export interface WorkflowInfo {
  /** numbers of its published versions */
  versions: readonly number[];
  /** names of the workflows its newest version calls */
  calls: readonly string[];
  /** the highest level a call of its newest version needs */
  needs?: PrivilegeLevel;
}
export interface MemberInfo {
  sub: string;
  roles: readonly Role[];
  privilege_level: PrivilegeLevel;
}

/**
 * What a definition's names stand for in the tenant that publishes it. A kind left undefined is not known here,
 * so references to it are not checked (an editor may know the tools alone); an empty map means there are none.
 */
export interface DefinitionCatalog {
  tools: ReadonlyMap<string, ToolSpec>;
  /** by name and by id */
  agents?: ReadonlyMap<string, AgentInfo>;
  handlers?: ReadonlyMap<string, HandlerInfo>;
  workflows?: ReadonlyMap<string, WorkflowInfo>;
  /** those who could decide approvals; `complete` once the tenant has declared the list so */
  members?: { list: readonly MemberInfo[]; complete: boolean };
  /** of approvers, by whom gates are decided; absent: not known here */
  groups?: readonly ApproverGroup[];
  /** who publishes it: decides nothing of it where a gate keeps that duty apart */
  publisher?: string;
  /** no execution's effective level is above it; absent: 5 */
  max_privilege_level?: PrivilegeLevel;
  /** what the engine in use runs; absent: the whole language */
  availableNodeTypes?: ReadonlySet<NodeType>;
  /** the same for members that an engine may lack */
  availableMembers?: ReadonlySet<OptionalMember>;
}
