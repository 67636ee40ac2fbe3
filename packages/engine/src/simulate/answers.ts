import { canonicalJson, type Decision, type Json } from '@aumos/agf-domain/runtime';
import type { ApprovalStart, FunctionCall, ModelCall, ToolCall } from '../common/index.js';
import {
  SimulationError,
  type FunctionAnswer,
  type ModelTurn,
  type PersonAnswer,
  type SimulatedCall,
  type SimulatedFunction,
  type SimulatedTurn,
  type SimulationScript,
  type ToolAnswer,
  type ToolReply,
} from './script.js';

export const matches = <T extends object>(wanted: Partial<T>, given: T): boolean =>
  (Object.keys(wanted) as (keyof T)[]).every((key) => wanted[key] === undefined || wanted[key] === given[key]);

const texts = new WeakMap<object, string>();

/** An answer is asked for its value once a call. */
function textOf(wanted: Json): string {
  if (wanted === null || typeof wanted !== 'object') return canonicalJson(wanted);
  const text = texts.get(wanted) ?? canonicalJson(wanted);
  texts.set(wanted, text);
  return text;
}

/** Tells whether a value is wanted at all, and then this one. */
export function sameValue(value: Json): (wanted: Json | undefined) => boolean {
  let text: string | undefined;
  return (wanted) => wanted === undefined || textOf(wanted) === (text ??= canonicalJson(value));
}

/** The reply of a visit's attempt. @throws SimulationError */
export function replyTo(script: SimulationScript, call: ToolCall, attempt: number): ToolReply {
  const { node, visit, step, item, tool, tool_version, need } = call;
  const wanted = ({ node, visit, tool }: ToolAnswer) => ({ node, visit, tool });
  const isIt = sameValue(call.arguments);
  const fits = (given: ToolAnswer): boolean => matches(wanted(given), { node, visit, tool }) && isIt(given.arguments);
  const answer = answerOf(script.calls ?? [], fits, attempt);
  const seen: SimulatedCall = { node, visit, step, item, tool, tool_version, need, attempt, arguments: call.arguments };
  return replyOf(answer, seen, tool);
}

/** The same of a handler. @throws SimulationError */
export function replyOfHandler(script: SimulationScript, call: FunctionCall, attempt: number): ToolReply {
  const { node, visit, step, item, handler, need } = call;
  const wanted = ({ node, visit, handler }: FunctionAnswer) => ({ node, visit, handler });
  const isIt = sameValue(call.arguments);
  const fits = (given: FunctionAnswer): boolean =>
    matches(wanted(given), { node, visit, handler }) && isIt(given.arguments);
  const answer = answerOf(script.functions ?? [], fits, attempt);
  const seen: SimulatedFunction = { node, visit, step, item, handler, need, attempt, arguments: call.arguments };
  return replyOf(answer, seen, handler);
}

/** What the model says in a turn. @throws SimulationError */
export function turnOf(script: SimulationScript, call: ModelCall, attempt: number): ModelTurn {
  const { of, visit: turn, step, item, prompt, tools, told } = call;
  const given = { ...of, agent: call.agent.name };
  const isIt = sameValue(prompt);
  const answer = (script.models ?? []).find(
    ({ node, visit, agent, prompt }) => matches({ node, visit, agent }, given) && isIt(prompt),
  );
  const said = answer?.turns[turn - 1];
  const seen: SimulatedTurn = { ...given, turn, attempt, step, item, prompt, tools, told };
  return replyOf(said && { reply: said }, seen, `the model of ${call.agent.name}, turn ${String(turn)}`);
}

function replyOf<R, C extends { node: string; visit: number; attempt: number }>(
  answer: { reply: R | ((call: C) => R) } | undefined,
  seen: C,
  name: string,
): R {
  const site = { node: seen.node, visit: seen.visit };
  if (!answer) {
    const text = `no answer for attempt ${String(seen.attempt)} of a call of "${name}"`;
    throw new SimulationError('UNANSWERED', text, site);
  }
  const { reply } = answer;
  if (!isFunction(reply)) return reply;
  try {
    return reply(seen);
  } catch (cause) {
    throw new SimulationError('SCRIPT_FAILED', `the answer of "${name}" threw: ${String(cause)}`, site, { cause });
  }
}

const isFunction = <R, C>(reply: R | ((call: C) => R)): reply is (call: C) => R => typeof reply === 'function';

function answerOf<A extends { times?: number }>(
  answers: readonly A[],
  fits: (answer: A) => boolean,
  attempt: number,
): A | undefined {
  let before = 0;
  return answers.find((answer) => {
    if (!fits(answer)) return false;
    before += answer.times ?? Infinity;
    return attempt <= before;
  });
}

/** What people decide. @throws SimulationError */
export function decisionOn(script: SimulationScript, start: ApprovalStart): PersonAnswer {
  const { node, visit, gate_name: gate } = start;
  const answer = personOn(script.people ?? [], start);
  if (!answer) throw new SimulationError('UNANSWERED', `no decision on the gate "${gate}"`, { node, visit });
  const impossible = (text: string): SimulationError => new SimulationError('IMPOSSIBLE_ANSWER', text, { node, visit });
  const needed = NEEDS[answer.decision];
  if (needed && !start.allowed_decisions?.includes(needed))
    throw impossible(`the gate "${gate}" is not decided so: ${answer.decision}`);
  if (answer.decision === 'edited' && answer.arguments === undefined)
    throw impossible(`an edit at the gate "${gate}" has arguments`);
  if (answer.decision === 'expired' && !start.auto_reject_on_timeout) {
    if (answer.otherwise !== undefined) return { ...answer, decision: answer.otherwise };
    throw impossible(`the gate "${gate}" escalates when its time is over: it never expires`);
  }
  return answer;
}

const NEEDS: { [K in PersonAnswer['decision']]?: Decision } = { edited: 'edit', answered: 'respond' };

/** The first match; of edits that match, each edits once. */
function personOn(people: readonly PersonAnswer[], start: ApprovalStart): PersonAnswer | undefined {
  const { node, visit, gate_name: gate } = start;
  let edited = start.edits ?? 0;
  return people.find((given) => {
    if (!matches({ node: given.node, visit: given.visit, gate: given.gate }, { node, visit, gate })) return false;
    return given.decision !== 'edited' || edited-- <= 0;
  });
}
