import type { ApprovalStart, ToolCall } from '../common/index.js';
import {
  SimulationError,
  type PersonAnswer,
  type SimulatedCall,
  type SimulationScript,
  type ToolAnswer,
  type ToolReply,
} from './script.js';

const matches = <T extends object>(wanted: Partial<T>, given: T): boolean =>
  (Object.keys(wanted) as (keyof T)[]).every((key) => wanted[key] === undefined || wanted[key] === given[key]);

/** The reply of a visit's attempt. @throws SimulationError */
export function replyTo(script: SimulationScript, call: ToolCall, attempt: number): ToolReply {
  const { node, visit, step, item, tool, tool_version, need } = call;
  const site = { node, visit };
  const answer = answerOf(script.calls ?? [], { node, visit, tool }, attempt);
  if (!answer) {
    const text = `no answer for attempt ${String(attempt)} of a call of "${tool}"`;
    throw new SimulationError('UNANSWERED', text, site);
  }
  if (typeof answer.reply !== 'function') return answer.reply;
  const seen: SimulatedCall = { ...site, step, item, tool, tool_version, need, attempt, arguments: call.arguments };
  try {
    return answer.reply(seen);
  } catch (cause) {
    throw new SimulationError('SCRIPT_FAILED', `the answer of "${tool}" threw: ${String(cause)}`, site, { cause });
  }
}

function answerOf(
  answers: readonly ToolAnswer[],
  call: { node: string; visit: number; tool: string },
  attempt: number,
): ToolAnswer | undefined {
  let before = 0;
  return answers.find(({ node, visit, tool, times = Infinity }) => {
    if (!matches({ node, visit, tool }, call)) return false;
    before += times;
    return attempt <= before;
  });
}

/** What people decide. @throws SimulationError */
export function decisionOn(script: SimulationScript, start: ApprovalStart): PersonAnswer {
  const { node, visit, gate_name: gate } = start;
  const answer = (script.people ?? []).find((given) =>
    matches({ node: given.node, visit: given.visit, gate: given.gate }, { node, visit, gate }),
  );
  if (!answer) throw new SimulationError('UNANSWERED', `no decision on the gate "${gate}"`, { node, visit });
  if (answer.decision === 'expired' && !start.auto_reject_on_timeout) {
    const text = `the gate "${gate}" escalates when its time is over: it never expires`;
    throw new SimulationError('IMPOSSIBLE_ANSWER', text, { node, visit });
  }
  return answer;
}
