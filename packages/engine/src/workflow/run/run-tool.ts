import type { PrivilegeLevel, ToolNode } from '@aumos/agf-domain/runtime';
import { executionError } from '../plan/failure.js';
import { NodeError } from '../plan/node-error.js';
import { own } from '../plan/own.js';
import { timeoutSeconds } from './call-policy.js';
import { callOf, guardedCall, untilAdmitted } from './guarded-call.js';
import { fittingBytes } from './payload-limit.js';
import type { Ran, Visit } from './visit.js';

/** Asks for an approval where the call needs one, then has the call made. */
export async function runTool(visit: Visit<ToolNode>): Promise<Ran> {
  const { run, node, site, planned } = visit;
  const spec = planned.spec ?? own(run.start.tools, node.tool);
  if (!spec) throw new NodeError(executionError(site, 'UNKNOWN_TOOL', `There is no tool "${node.tool}"`));
  const { name, version, min_privilege_level, input_schema, output_schema } = spec;
  const need = Math.max(min_privilege_level, node.privilege_level ?? 1) as PrivilegeLevel;
  const callee = { name, version, need, input_schema, output_schema };
  return guardedCall(visit, callee, async (under, gate) => {
    const timeout_seconds = timeoutSeconds(node, spec);
    const call = { ...callOf(under, need, gate), tool: name, tool_version: version, timeout_seconds };
    const bytes = fittingBytes(site, call);
    const { result } = await untilAdmitted(visit, () =>
      run.calls.use(bytes, () =>
        run.ended.carriedBy((progress) => run.runtime.callTool({ ...call, ...progress }, { node, spec })),
      ),
    );
    return { result, recorded: true };
  });
}
