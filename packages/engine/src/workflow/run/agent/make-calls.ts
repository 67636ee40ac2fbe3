import {
  jsonSize,
  type AgentNode,
  type ExecutionError,
  type JsonObject,
  type ToolSpec,
} from '@aumos/agf-domain/runtime';
import { CALLS_AT_ONCE, type AgentAnswer } from '../../../common/index.js';
import { noEdges } from '../../plan/compile-edges.js';
import { failedOutcome } from '../failed-outcome.js';
import { runTool } from '../run-tool.js';
import type { Visit } from '../visit.js';
import type { AgentAtWork } from './agent-of.js';
import type { OpenCall } from './agent-standing.js';
import { innerRecorder } from './record-inner.js';

/** Of an error's details: what is longer is not the model's to read. */
const TOLD_BYTES = 4_096;

/**
 * Makes the calls of one turn side by side, each under the guard of a tool node. While they wait for people the run may
 * end: the next one makes those that have no answer. @throws a cancellation, once all have ended
 */
export async function makeCalls(
  visit: Visit<AgentNode>,
  agent: AgentAtWork,
  turn: number,
  open: OpenCall[],
): Promise<AgentAnswer[]> {
  const { handover } = visit.run;
  const made = await handover.idle(visit.site, () =>
    Promise.allSettled(
      open.map((each, i) =>
        handover.within(each.site, async () => {
          each.answer ??= await (i < CALLS_AT_ONCE ? answerTo(visit, agent, turn, each) : tooMany(each));
          return each.answer;
        }),
      ),
    ),
  );
  return made.map((each) => {
    if (each.status === 'rejected') throw each.reason;
    return each.value;
  });
}

async function answerTo(
  visit: Visit<AgentNode>,
  { spec, tools }: AgentAtWork,
  turn: number,
  { site, call }: OpenCall,
): Promise<AgentAnswer> {
  const { id, name } = call;
  if ('malformed' in call) return told(id, 'INVALID_ARGUMENTS', `The arguments are no JSON object: ${call.malformed}`);
  const tool = tools.get(name);
  if (!tool) return told(id, 'UNKNOWN_TOOL', 'There is no such tool');
  const record = innerRecorder(visit, site, 'tool', call.arguments);
  try {
    const { result, answered } = await runTool(callVisit(visit, { spec, turn }, { site, tool, given: call.arguments }));
    if (answered) {
      record.answered(result);
      return { id, result };
    }
    record.completed(result);
    return { id, at: site };
  } catch (thrown) {
    const { error } = failedOutcome(visit.run.runtime, thrown, site);
    record.failed(error);
    if (visit.run.runtime.isCancellation(thrown)) throw thrown;
    return told(id, error.code, error.message, toldOf(error));
  }
}

/** The call as the visit of a tool node; the agent's node lends it its gate and its level. */
function callVisit(
  visit: Visit<AgentNode>,
  { spec, turn }: { spec: AgentAtWork['spec']; turn: number },
  { site, tool, given }: { site: OpenCall['site']; tool: ToolSpec; given: JsonObject },
): Parameters<typeof runTool>[0] {
  const { gate, privilege_level } = visit.node;
  const node = {
    id: site.node,
    type: 'tool' as const,
    tool: tool.name,
    ...(gate === undefined ? {} : { gate }),
    ...(privilege_level === undefined ? {} : { privilege_level }),
  };
  const { id, name, version, privilege_level: level, requires_hitl } = spec;
  return {
    ...visit,
    planned: { node, out: noEdges(), value: () => ({ evaluate: () => given }), outputs: [], spec: tool },
    node,
    due: { visit: site.visit, item: visit.due.item },
    site,
    input: given,
    agent: {
      ...{ ...visit.site, id, name, version, privilege_level: level, turn },
      ...(requires_hitl ? { requires_hitl } : {}),
    },
  };
}

const tooMany = ({ call }: OpenCall): AgentAnswer =>
  told(call.id, 'TOO_MANY_CALLS', `${String(CALLS_AT_ONCE)} calls of one turn are the most`);

const told = (id: string, code: string, message: string, details: JsonObject = {}): AgentAnswer => ({
  id,
  error: { code, message, details },
});

const toldOf = ({ details }: ExecutionError): JsonObject => (jsonSize(details) <= TOLD_BYTES ? details : {});
