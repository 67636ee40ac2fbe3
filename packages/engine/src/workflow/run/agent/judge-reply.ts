import {
  agentCallNode,
  compileSchema,
  shortened,
  storableJson,
  type AgentNode,
  type Json,
  type JsonSchema,
} from '@aumos/agf-domain/runtime';
import {
  AGENT_MAX_TURNS,
  INVALID_RESULT,
  MODEL_REFUSED,
  MODEL_TRUNCATED,
  type AgentAnswer,
  type ModelReply,
} from '../../../common/index.js';
import { executionError } from '../../plan/failure.js';
import { NodeError } from '../../plan/node-error.js';
import type { Visit } from '../visit.js';
import type { AgentAtWork } from './agent-of.js';
import type { AgentStanding, OpenCall } from './agent-standing.js';
import { unfenced } from './unfenced.js';

/** What a reply of the model leads to. */
export type Verdict =
  | { kind: 'answer'; result: Json }
  /** it is told what is wrong, once */
  | { kind: 'repair'; told: AgentAnswer }
  | { kind: 'calls'; calls: OpenCall[] };

/** Issues of an answer that the model is told. */
const TOLD_ISSUES = 10;

/** @throws NodeError MODEL_REFUSED, MODEL_TRUNCATED, AGENT_MAX_TURNS, INVALID_RESULT */
export function judgeReply(
  { node, site }: Visit<AgentNode>,
  { maxTurns }: AgentAtWork,
  { turn, calls, repaired }: AgentStanding,
  reply: ModelReply,
): Verdict {
  const failed = (code: string, message: string): NodeError => new NodeError(executionError(site, code, message));
  if (reply.finish === 'refused') throw failed(MODEL_REFUSED, reply.text ?? 'The model does not answer this');
  if (reply.calls.length > 0) {
    if (turn >= maxTurns) throw failed(AGENT_MAX_TURNS, `The agent has no answer after ${String(maxTurns)} turns`);
    return { kind: 'calls', calls: openCalls(site, calls, reply) };
  }
  const { response_schema: schema } = node;
  if (schema === undefined && reply.answer !== undefined) return { kind: 'answer', result: reply.answer };
  if (schema === undefined) {
    if (reply.finish === 'length') throw failed(MODEL_TRUNCATED, "The model's answer was cut off");
    return { kind: 'answer', result: reply.text ?? '' };
  }
  const parsed = reply.answer === undefined ? parsedAnswer(reply.text ?? '', schema) : fitting(reply.answer, schema);
  if ('result' in parsed) return { kind: 'answer', result: parsed.result };
  if (repaired) throw failed(INVALID_RESULT, `The answer is not what the node asks for: ${parsed.wrong}`);
  return { kind: 'repair', told: { repair: storableJson(shortened(parsed.wrong)) } };
}

/** Numbered in the order in which the model asks. One of a reply that was cut off may not be whole: it is not made. */
function openCalls(site: { node: string; visit: number }, before: number, { calls, finish }: ModelReply): OpenCall[] {
  return calls.map((call, i) => ({
    site: { node: agentCallNode(site.node, site.visit, call.name), visit: before + i + 1 },
    call: finish === 'length' ? { id: call.id, name: call.name, malformed: 'The output was cut off' } : call,
    answer: null,
  }));
}

function parsedAnswer(text: string, schema: JsonSchema): { result: Json } | { wrong: string } {
  let result: Json;
  try {
    result = JSON.parse(unfenced(text)) as Json;
  } catch (error) {
    return { wrong: `it is no JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
  return fitting(result, schema);
}

function fitting(result: Json, schema: JsonSchema): { result: Json } | { wrong: string } {
  const issues = compileSchema(schema).check(result);
  if (issues.length === 0) return { result };
  const told = issues.slice(0, TOLD_ISSUES).map(({ pointer, message }) => `${pointer || '/'} ${message}`);
  return { wrong: told.join('; ') };
}
