import {
  decidePrivilege,
  type Json,
  type JsonObject,
  type JsonSchema,
  type PrivilegeLevel,
  type ToolSpec,
} from '@aumos/agf-domain/runtime';
import type { GateContext, ToolCall, ToolCallOutcome } from '../../common/index.js';
import { executionError } from '../plan/failure.js';
import { NodeError } from '../plan/node-error.js';
import type { ApprovalRequest } from './approval-start.js';
import { awaitApproval, type Answered } from './await-approval.js';
import { underPolicies } from './under-policies.js';
import { gateOf, type CallingNode, type GateOfCall } from './gate-of-call.js';
import type { Ran, Visit } from './visit.js';

/** A tool, or a handler: that has no version, and no schemas that are known here. */
export interface Callee {
  name: string;
  version: number | null;
  need: PrivilegeLevel;
  input_schema?: JsonSchema;
  output_schema?: JsonSchema;
  /** the tool as it is now, where that is not what the execution began with */
  now?: ToolSpec | undefined;
  /** its dispatch records that the execution goes on after the approval */
  dispatchResumes?: boolean;
}

/**
 * Asks for an approval where the call needs one, then has the call made under it: with the arguments that were approved.
 * Where policies came meanwhile that hold it, it asks anew.
 */
export const guardedCall = <N extends CallingNode, T = Ran>(
  visit: Visit<N>,
  callee: Callee,
  make: (visit: Visit<N>, gate: GateContext | null) => Promise<T>,
): Promise<T | Ran> => underPolicies(visit, () => askAndCall(visit, callee, make));

async function askAndCall<N extends CallingNode, T = Ran>(
  visit: Visit<N>,
  callee: Callee,
  make: (visit: Visit<N>, gate: GateContext | null) => Promise<T>,
): Promise<T | Ran> {
  const { name, need } = callee;
  const gate = gateOf(visit, callee);
  if (!gate?.required || !mayCall(visit, need)) return make(visit, gate?.context ?? null);
  visit.run.runtime.leave?.(visit.site);
  const asked = await approvalOf(visit, gate, {
    ...callee,
    action: actionOf(visit, name),
    also: ['edit', 'respond'],
    policiesFor: (input) => gateOf({ ...visit, input }, callee)?.policies ?? [],
  });
  if (asked.kind === 'answered') {
    await asked.resumed;
    return { result: asked.result, recorded: false, answered: true };
  }
  // The call does not wait for the row to say `running`; the visit does.
  const [ran] = await Promise.allSettled([make({ ...visit, input: asked.input }, asked.approved), asked.resumed]);
  if (ran.status === 'fulfilled') return ran.value;
  // Perhaps its dispatch never began.
  if (asked.paused) await visit.run.runtime.recordResumed(asked.approved.approval.approval_id);
  throw ran.reason;
}

const actionOf = ({ agent }: Visit, name: string): string =>
  agent ? `Call ${name} for the agent ${agent.name}` : `Call ${name}`;

type Asked = Omit<Callee, 'name'> & { name: string | null; action: string } & Pick<
    ApprovalRequest,
    'also' | 'policiesFor' | 'dispatchResumes'
  >;

/** What was approved, as the dispatch is told of it: the gate, and the arguments. */
interface ApprovedCall {
  kind: 'approved';
  approved: GateContext & Required<Pick<GateContext, 'approval'>>;
  input: Json;
  resumed: Promise<void>;
  /** until the dispatch has recorded that the execution goes on */
  paused: boolean;
}

/** Has people decide on what the visit is about to do. @throws NodeError, a cancellation */
export async function approvalOf(
  visit: Visit,
  { resolved, policies, context }: GateOfCall,
  { name, version, need, action, ...how }: Asked,
): Promise<ApprovedCall | Answered> {
  const asked = await awaitApproval(visit.run, visit.site, {
    ...how,
    gate: resolved,
    policies,
    privilege_level: need,
    tool: name,
    tool_version: version,
    arguments: visit.input,
    action: `${action} in "${visit.agent?.node ?? visit.node.id}" of ${visit.run.start.workflow_name}`,
    agent_id: visit.agent?.id,
  });
  if (asked.kind === 'answered') return asked;
  const { outcome, start, resumed, paused } = asked;
  const { payload_hash, expires_at, policies: under } = start;
  const approval = {
    ...{ approval_id: outcome.approval_id, payload_hash, expires_at },
    ...(under === undefined ? {} : { policies: under }),
    ...(paused ? { paused } : {}),
  };
  return {
    kind: 'approved',
    approved: { ...context, approval },
    input: start.arguments,
    resumed,
    paused,
  };
}

/** Nobody is asked about a call that will be denied: the dispatch denies it, and audits that. */
export function mayCall(visit: Visit, need: PrivilegeLevel): boolean {
  const { initiator_level, privilege_ceiling, settings } = visit.run.start;
  return decidePrivilege({
    token: initiator_level,
    cap: settings.max_privilege_level,
    need,
    ...(privilege_ceiling === undefined ? {} : { ceiling: privilege_ceiling }),
    ...(visit.agent === undefined ? {} : { agent: visit.agent.privilege_level }),
  }).allowed;
}

type Refusal = Extract<ToolCallOutcome, { kind: 'refused' }>;
type Admitted<T> = Exclude<T, { kind: 'refused' }>;

/** Asks again while a breaker refuses it and the node waits for that. @throws NodeError, open */
export async function untilAdmitted<T extends { kind: string }>(
  { run, node, site }: Visit,
  ask: () => Promise<T | Refusal>,
): Promise<Admitted<T>> {
  const { runtime } = run;
  const giveUpAt = runtime.now() + (node.open_wait_seconds ?? 0) * 1000;
  const isRefusal = (answer: T | Refusal): answer is Refusal => answer.kind === 'refused';
  for (;;) {
    const outcome = await ask();
    if (!isRefusal(outcome)) return outcome as Admitted<T>;
    const leftMs = giveUpAt - runtime.now();
    if (leftMs <= 0) throw new NodeError({ ...outcome.error, ...site }, true);
    await runtime.sleep(Math.max(1, Math.min(outcome.retry_after_ms, leftMs)));
  }
}

/** What every call tells its dispatch, whatever it calls. */
export function callOf(
  visit: Visit<CallingNode>,
  need: PrivilegeLevel,
  gate: GateContext | null,
): Omit<ToolCall, 'ended' | 'tool' | 'tool_version' | 'timeout_seconds'> {
  const { start, ref } = visit.run;
  return {
    ref,
    ...visit.site,
    step: visit.view.book.step,
    item: visit.due.item?.index ?? null,
    arguments: argumentsOf(visit),
    need,
    initiator_level: start.initiator_level,
    max_privilege_level: start.settings.max_privilege_level,
    workflow_chain: start.workflow_chain,
    gate,
    ...(visit.planned.visitType === 'compensation' ? { visit_type: 'compensation' as const } : {}),
    ...(start.privilege_ceiling === undefined ? {} : { privilege_ceiling: start.privilege_ceiling }),
    ...(visit.agent === undefined ? {} : { agent: visit.agent }),
  };
}

function argumentsOf({ input, site }: Visit<CallingNode>): JsonObject {
  const isObject = (value: Json): value is JsonObject =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
  if (isObject(input)) return input;
  throw new NodeError(executionError(site, 'EXPRESSION_ERROR', 'The arguments are no object'));
}
