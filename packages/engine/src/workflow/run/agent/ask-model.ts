import { agentTurnsNode, type AgentNode, type Json } from '@aumos/agf-domain/runtime';
import type { ModelCall, ModelReply } from '../../../common/index.js';
import { turnTimeoutSeconds } from '../call-policy.js';
import { failedOutcome } from '../failed-outcome.js';
import { untilAdmitted } from '../guarded-call.js';
import { fittingBytes } from '../payload-limit.js';
import type { Visit } from '../visit.js';
import type { AgentAtWork } from './agent-of.js';
import type { AgentStanding } from './agent-standing.js';
import { memoryOf } from './memory-of.js';
import { innerRecorder } from './record-inner.js';

/** One turn of the model. @throws NodeError, open where a breaker refuses it; a cancellation */
export async function askModel(
  visit: Visit<AgentNode>,
  agent: AgentAtWork,
  standing: AgentStanding,
): Promise<ModelReply> {
  const { run, node, site } = visit;
  const call = modelCall(visit, agent, standing);
  const record = innerRecorder(visit, { node: call.node, visit: call.visit }, 'model', { told: standing.told });
  try {
    const bytes = fittingBytes(site, call);
    const { reply } = await untilAdmitted(visit, () =>
      run.calls.use(bytes, () =>
        run.ended.carriedBy((progress) => run.runtime.callModel({ ...call, ...progress }, node)),
      ),
    );
    record.completed(reply as unknown as Json);
    return reply;
  } catch (thrown) {
    record.failed(failedOutcome(run.runtime, thrown, site).error);
    throw thrown;
  }
}

function modelCall(
  visit: Visit<AgentNode>,
  { spec, tools }: AgentAtWork,
  { turn, told }: AgentStanding,
): Omit<ModelCall, 'ended'> {
  const { run, node, site, view, due, input } = visit;
  const { start, ref } = run;
  const memory = memoryOf(visit);
  const { tools: _tools, ...agent } = spec;
  return {
    ref,
    node: agentTurnsNode(site.node, site.visit),
    visit: turn,
    of: site,
    step: view.book.step,
    item: due.item?.index ?? null,
    agent,
    prompt: input,
    tools: [...tools.keys()],
    told,
    need: 1,
    initiator_level: start.initiator_level,
    max_privilege_level: start.settings.max_privilege_level,
    workflow_chain: start.workflow_chain,
    timeout_seconds: turnTimeoutSeconds(node),
    ...(start.privilege_ceiling === undefined ? {} : { privilege_ceiling: start.privilege_ceiling }),
    ...(node.response_schema === undefined ? {} : { response_schema: node.response_schema }),
    ...(memory === undefined ? {} : { memory }),
  };
}
