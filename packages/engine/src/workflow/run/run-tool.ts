import {
  type Json,
  type JsonObject,
  type PrivilegeLevel,
  type ToolNode,
  type ToolSpec,
} from '@aumos/agf-domain/runtime';
import type { GateContext, ToolCall } from '../../common/index.js';
import { executionError } from '../plan/failure.js';
import { NodeError } from '../plan/node-error.js';
import { own } from '../plan/own.js';
import { awaitApproval } from './await-approval.js';
import { timeoutSeconds } from './call-policy.js';
import { gateOf } from './gate-of-call.js';
import { mayCall } from './may-call.js';
import { fittingBytes } from './payload-limit.js';
import type { Ran, Visit } from './visit.js';

type ToolVisit = Visit<ToolNode>;

/** Asks for an approval where the call needs one, then has the call made. */
export async function runTool(visit: ToolVisit): Promise<Ran> {
  const spec = own(visit.run.start.tools, visit.node.tool);
  if (!spec) throw new NodeError(executionError(visit.site, 'UNKNOWN_TOOL', `There is no tool "${visit.node.tool}"`));
  const need = Math.max(spec.min_privilege_level, visit.node.privilege_level ?? 1) as PrivilegeLevel;
  const gate = gateOf(visit, need);
  if (!gate?.required || !mayCall(visit, need)) return call(visit, spec, need, gate?.context ?? null);
  const { resolved, approvals_required, context } = gate;
  const { outcome, start, resumed } = await awaitApproval(visit.run, visit.site, {
    gate: resolved,
    approvals_required,
    privilege_level: need,
    tool: spec.name,
    tool_version: spec.version,
    arguments: visit.input,
    action: `Call ${spec.name} in "${visit.node.id}" of ${visit.run.start.workflow_name}`,
  });
  const { payload_hash, expires_at } = start;
  const approval = { approval_id: outcome.approval_id, payload_hash, expires_at };
  // The call does not wait for the row to say `running`; the visit does.
  const [ran] = await Promise.allSettled([call(visit, spec, need, { ...context, approval }), resumed]);
  if (ran.status === 'rejected') throw ran.reason;
  return ran.value;
}

async function call(visit: ToolVisit, spec: ToolSpec, need: PrivilegeLevel, gate: GateContext | null): Promise<Ran> {
  const { run, node, site } = visit;
  const { runtime } = run;
  const args = toolCall(visit, spec, need, gate);
  const bytes = fittingBytes(site, args);
  const giveUpAt = runtime.now() + (node.open_wait_seconds ?? 0) * 1000;
  for (;;) {
    const outcome = await run.calls.use(bytes, () =>
      run.ended.carriedBy((ended) => runtime.callTool({ ...args, ended }, { node, spec })),
    );
    if (outcome.kind === 'completed') return { result: outcome.result, recorded: true };
    const leftMs = giveUpAt - runtime.now();
    if (leftMs <= 0) throw new NodeError({ ...outcome.error, ...site }, true);
    await runtime.sleep(Math.max(1, Math.min(outcome.retry_after_ms, leftMs)));
  }
}

function toolCall(
  visit: ToolVisit,
  spec: ToolSpec,
  need: PrivilegeLevel,
  gate: GateContext | null,
): Omit<ToolCall, 'ended'> {
  const { start, ref } = visit.run;
  return {
    ref,
    ...visit.site,
    step: visit.view.book.step,
    item: visit.due.item?.index ?? null,
    tool: spec.name,
    tool_version: spec.version,
    arguments: argumentsOf(visit),
    need,
    initiator_level: start.initiator_level,
    max_privilege_level: start.settings.max_privilege_level,
    workflow_chain: start.workflow_chain,
    gate,
    timeout_seconds: timeoutSeconds(visit.node, spec),
    ...(start.privilege_ceiling === undefined ? {} : { privilege_ceiling: start.privilege_ceiling }),
  };
}

function argumentsOf({ input, site }: ToolVisit): JsonObject {
  const isObject = (value: Json): value is JsonObject =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
  if (isObject(input)) return input;
  throw new NodeError(executionError(site, 'EXPRESSION_ERROR', 'The arguments are no object'));
}
