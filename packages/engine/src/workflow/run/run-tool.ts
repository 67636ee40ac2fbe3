import type { PrivilegeLevel, ToolNode, ToolSpec } from '@aumos/agf-domain/runtime';
import { TOOL_CHANGED, type CalledTool } from '../../common/index.js';
import { executionError } from '../plan/failure.js';
import { NodeError } from '../plan/node-error.js';
import { own } from '../plan/own.js';
import { toolNowOf } from './await-approval.js';
import { timeoutSeconds } from './call-policy.js';
import { callOf, guardedCall, untilAdmitted } from './guarded-call.js';
import { fittingBytes } from './payload-limit.js';
import type { Ran, Visit } from './visit.js';

/** So often it may become another tool between an approval and its call. */
const MOST_CHANGES = 10;

/**
 * Asks for an approval where the call needs one, then has the call made. Of a tool that has changed meanwhile nothing is
 * done: the call is made anew, for the tool as it is now, under an approval of its own.
 */
export async function runTool(visit: Visit<ToolNode>): Promise<Ran> {
  const { run, node, site, planned } = visit;
  const known = planned.spec ?? own(run.start.tools, node.tool);
  if (!known) throw new NodeError(executionError(site, 'UNKNOWN_TOOL', `There is no tool "${node.tool}"`));
  let now = toolNowOf(run.handover.keptOf(site));
  for (let changes = 0; changes <= MOST_CHANGES; changes++) {
    const called = await callTool(visit, known, now);
    if (!('kind' in called)) return called;
    if (called.kind === 'completed') return { result: called.result, recorded: true };
    now = called.spec;
  }
  throw new NodeError(executionError(site, TOOL_CHANGED, `"${node.tool}" changes again and again`));
}

/**
 * @param now where that is not what the execution began with: the call needs the higher level of both. An edit was of the
 *   tool as it was: people are asked about the arguments as they came.
 * @returns also what a person answered in its place
 */
function callTool(
  visit: Visit<ToolNode>,
  known: ToolSpec,
  now: ToolSpec | undefined,
): Promise<Exclude<CalledTool, { kind: 'refused' }> | Ran> {
  const { run, node, site } = visit;
  const spec = now ?? known;
  const { name, version, input_schema, output_schema } = spec;
  const levels = [known.min_privilege_level, spec.min_privilege_level, node.privilege_level ?? 1];
  const need = Math.max(...levels) as PrivilegeLevel;
  const callee = { ...{ name, version, need, now, input_schema, output_schema }, dispatchResumes: true };
  return guardedCall(visit, callee, (under, gate) => {
    const timeout_seconds = timeoutSeconds(node, spec);
    const call = { ...callOf(under, need, gate), tool: name, tool_version: version, timeout_seconds };
    const bytes = fittingBytes(site, call);
    return untilAdmitted(visit, () =>
      run.calls.use(bytes, () =>
        run.ended.carriedBy((progress) => run.runtime.callTool({ ...call, ...progress }, { node, spec })),
      ),
    );
  });
}
