import { isGraphsQueue, type FunctionNode } from '@aumos/agf-domain/runtime';
import { PAYLOAD_BYTES } from '../../common/index.js';
import { callsOfGraph } from './calls-of-graph.js';
import { functionTimeoutSeconds } from './call-policy.js';
import { callOf, guardedCall, untilAdmitted } from './guarded-call.js';
import { fittingBytes } from './payload-limit.js';
import type { Ran, Visit } from './visit.js';

/** A handler needs what its node says. Its own worker knows no levels: they are held where it is admitted. */
export async function runFunction(visit: Visit<FunctionNode>): Promise<Ran> {
  const { run, node, site } = visit;
  const { handler, task_queue } = node;
  const need = node.privilege_level ?? 1;
  return guardedCall(visit, { name: handler, version: null, need }, async (gate) => {
    const call = {
      ...callOf(visit, need, gate),
      handler,
      ...(task_queue === undefined ? {} : { task_queue }),
      timeout_seconds: functionTimeoutSeconds(node),
    };
    const bytes = fittingBytes(site, call, PAYLOAD_BYTES);
    // A graph's own calls take their turns among the calls: it must not hold one of them meanwhile.
    const [turns, inside] = isGraphsQueue(task_queue) ? [run.children, callsOfGraph(visit)] : [run.calls];
    const { result } = await untilAdmitted(visit, () =>
      turns.use(bytes, () =>
        run.ended.carriedBy((progress) => run.runtime.callFunction({ ...call, ...progress }, node, inside)),
      ),
    );
    return { result, recorded: true };
  });
}
