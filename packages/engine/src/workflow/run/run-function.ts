import { isGraphsQueue, type FunctionNode } from '@aumos/agf-domain/runtime';
import { PAYLOAD_BYTES, type TriedVisit } from '../../common/index.js';
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
  return guardedCall(visit, { name: handler, version: null, need }, async (under, gate) => {
    const tried = triedOf(run.handover.keptOf(site));
    const call = {
      ...callOf(under, need, gate),
      handler,
      ...(task_queue === undefined ? {} : { task_queue }),
      ...(tried ? { attempts_before: tried.attempts } : {}),
      timeout_seconds: functionTimeoutSeconds(node),
    };
    if (tried) await run.runtime.sleep(tried.delay_ms);
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

/** What is kept of the visit may also be its approval. */
const triedOf = (kept: unknown): TriedVisit | undefined =>
  typeof kept === 'object' && kept !== null && 'delay_ms' in kept ? (kept as TriedVisit) : undefined;
