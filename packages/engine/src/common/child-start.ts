import {
  childExecutionId,
  compileSchema,
  decidePrivilege,
  effectiveLevel,
  jsonSize,
  STATE_LIMIT_BYTES,
  type AgentSpec,
  type ChainLink,
  type ExecutionError,
  type GatePolicy,
  type JsonObject,
  type PrivilegeLevel,
  type ToolSpec,
  type WorkflowDefinition,
} from '@aumos/agf-domain/runtime';
import type { AncestorRef, ChildCall, ExecutionRef, ExecutionStart } from './messages.js';

/** Executions that may stand above one another, the root not counted, where the platform says nothing else. */
export const DEFAULT_DEPTH = 10;

/** The version that a call means. */
export interface CalledVersion {
  workflow_id: string;
  version: number;
  definition: WorkflowDefinition;
}

/** The executions above the called one, the root first. */
export const ancestorsOf = ({ ref, node, visit }: ChildCall): AncestorRef[] => [
  ...(ref.ancestors ?? []),
  { execution_id: ref.execution_id, workflow_id: ref.workflow_id, node, visit },
];

/** What the parent may do at most: no child may do more. */
export const ceilingOf = (call: ChildCall): PrivilegeLevel =>
  effectiveLevel({
    token: call.initiator_level,
    cap: call.settings.max_privilege_level,
    ...(call.privilege_ceiling === undefined ? {} : { ceiling: call.privilege_ceiling }),
  });

/**
 * Why the call cannot be made, whatever breakers and approvals say; null when it can.
 * @param depth most executions below a root
 */
export function childRefusal(
  call: ChildCall,
  called: Pick<CalledVersion, 'workflow_id'> & { definition: Pick<WorkflowDefinition, 'input'> },
  depth: number,
): ExecutionError | null {
  const { allowed, effective, need } = decidePrivilege({ token: ceilingOf(call), cap: 5, need: call.need });
  if (!allowed) {
    const text = `calling ${call.workflow} needs level ${String(need)}, the effective level is ${String(effective)}`;
    return childError(call, 'PRIVILEGE_DENIED', text, { need, effective });
  }
  return tooDeep(call, called, depth) ?? misfit(call, called.definition);
}

function tooDeep(
  call: ChildCall,
  { workflow_id }: Pick<CalledVersion, 'workflow_id'>,
  depth: number,
): ExecutionError | null {
  const chain = ancestorsOf(call);
  if (chain.length > depth) {
    const text = `${call.workflow} would run ${String(chain.length)} executions below the first; ${String(depth)} are the most`;
    return childError(call, 'DEPTH_EXCEEDED', text, { depth: chain.length, max_depth: depth });
  }
  const times = chain.filter((each) => each.workflow_id === workflow_id).length + 1;
  if (call.max_depth === undefined || times <= call.max_depth) return null;
  const text = `${call.workflow} would run ${String(times)} times in one chain; ${String(call.max_depth)} are the most`;
  return childError(call, 'DEPTH_EXCEEDED', text, { depth: times, max_depth: call.max_depth });
}

function misfit(call: ChildCall, { input }: Pick<WorkflowDefinition, 'input'>): ExecutionError | null {
  if (input === undefined) return null;
  const issues = compileSchema(input).check(call.input);
  if (issues.length === 0) return null;
  const fields = issues.slice(0, 20).map(({ pointer, message }) => ({ field: `input${pointer}`, error: message }));
  return childError(call, 'INVALID_INPUT', `${call.workflow} does not take this input`, { fields });
}

/** An error of the visit that calls. */
export const childError = (
  { node, visit }: Pick<ChildCall, 'node' | 'visit'>,
  code: string,
  message: string,
  details: JsonObject = {},
): ExecutionError => ({ code, message, node, visit, attempts: 1, details });

/** Why the child cannot be started with this; null when it can. */
export function tooLarge(call: ChildCall, start: ExecutionStart): ExecutionError | null {
  const bytes = jsonSize(start);
  if (bytes <= STATE_LIMIT_BYTES) return null;
  const text = `${call.workflow} with its input is ${String(bytes)} bytes of JSON; ${String(STATE_LIMIT_BYTES)} are the most`;
  return childError(call, 'PAYLOAD_TOO_LARGE', text);
}

/** What the child is started with: everything of its parent's that it inherits, and the version that it runs. */
export function childStart(
  call: ChildCall,
  called: CalledVersion & {
    tools: Record<string, ToolSpec>;
    agents?: Record<string, AgentSpec>;
    link?: ChainLink;
    /** of the tenant, as they are now */
    policies?: GatePolicy[];
  },
  started_at: string,
): ExecutionStart {
  const { tenant_id, initiator, traceparent } = call.ref;
  const ref: ExecutionRef = {
    tenant_id,
    execution_id: childExecutionId(call.ref.execution_id, call.node, call.visit, call.attempt),
    workflow_id: called.workflow_id,
    workflow_name: called.definition.name,
    version: called.version,
    initiator,
    ancestors: ancestorsOf(call),
    ...(traceparent === undefined ? {} : { traceparent }),
  };
  return {
    ...ref,
    definition: called.definition,
    tools: called.tools,
    ...(called.agents === undefined ? {} : { agents: called.agents }),
    input: call.input,
    initiator_level: call.initiator_level,
    initiator_roles: call.initiator_roles,
    privilege_ceiling: ceilingOf(call),
    workflow_chain: [...(called.link ? [called.link] : []), ...call.workflow_chain],
    started_at,
    settings: call.settings,
    ...(called.policies === undefined ? {} : { policies: called.policies }),
  };
}
