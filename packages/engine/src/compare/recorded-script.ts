import type { Json, JsonObject, ToolSpec, WorkflowDefinition } from '@aumos/agf-domain/runtime';
import type {
  FunctionAnswer,
  ModelAnswer,
  ModelTurn,
  PersonAnswer,
  SimulationScript,
  ToolAnswer,
  ToolReply,
  WorkflowAnswer,
  WorkflowReply,
} from '../simulate/index.js';
import { calledBy, type Called } from './called.js';
import type { RecordedExecution, RecordedSignal, RecordedVisit } from './recorded-execution.js';

/** Code of the error with which a call ends that nothing was recorded for. */
export const UNRECORDED = 'UNRECORDED';

/** Errors of a visit whose call was not made, or whose answer its row does not keep. */
const NO_ANSWER: ReadonlySet<string> = new Set([
  'APPROVAL_REJECTED',
  'APPROVAL_EXPIRED',
  'PRIVILEGE_DENIED',
  'EXPRESSION_ERROR',
  'STATE_SCHEMA',
  'STATE_CONFLICT',
  'EXECUTION_TIMEOUT',
]);
/** Longer than anything may take: somebody else ends it first. */
const FOR_EVER_MS = 31_536_000_000;
const UNRECORDED_REPLY = { error: { code: UNRECORDED, message: 'nothing was recorded for this call' } };

/**
 * The recorded execution as answers for a dry run of another version. The same call of the same node finds its own
 * answer, then one of the same arguments wherever it was made, then the node's own of that visit, whatever its
 * arguments; what is left over fails with {@link UNRECORDED}. Approvals that nobody was asked for are approved.
 * @param definition the recorded version: it tells what the visits called
 */
export function recordedScript(
  recorded: RecordedExecution,
  definition: WorkflowDefinition,
  tools: Record<string, ToolSpec>,
): SimulationScript {
  const takesMs = orderOf(recorded.visits);
  const calls = recorded.visits.flatMap((visit) => {
    const called = calledBy(definition, visit);
    return called ? [{ visit, called, takes_ms: takesMs(visit) }] : [];
  });
  const of = (kind: Called['kind']): Call[] => calls.filter(({ called }) => called.kind === kind);
  return {
    tenant_id: recorded.tenant_id,
    input: recorded.input,
    execution: {
      id: recorded.execution_id,
      workflow: recorded.workflow_name,
      version: recorded.version,
      started_at: recorded.started_at,
    },
    initiator: recorded.initiator,
    initiator_level: recorded.initiator_level,
    tools,
    calls: [...inOrder(of('tool'), toolAnswer), { reply: UNRECORDED_REPLY }],
    models: [...modelAnswers(of('agent'), definition), { turns: [UNRECORDED_REPLY] }],
    functions: [...inOrder(of('function'), functionAnswer), { reply: UNRECORDED_REPLY }],
    people: peopleOf(recorded),
    signals: signalsOf(recorded, definition),
    workflows: workflowsOf(definition, of('workflow')),
  };
}

interface Call {
  visit: RecordedVisit;
  called: Called;
  takes_ms: number;
}
interface Wanted {
  node?: string;
  visit?: number;
  arguments?: Json;
}

/** So little that no limit of time notices. */
const APART_MS = 0.001;

/** Answers take no time, but within a step they come in the order in which they came: the first failure ends the rest. */
function orderOf(visits: readonly RecordedVisit[]): (visit: RecordedVisit) => number {
  const ends = new Map<number, Set<string>>();
  for (const { step, completed_at } of visits)
    if (completed_at !== null) ends.set(step, (ends.get(step) ?? new Set()).add(completed_at));
  const ranks = new Map(
    [...ends].map(([step, times]) => [step, new Map([...times].sort().map((time, rank) => [time, rank]))]),
  );
  return ({ step, completed_at }) => (ranks.get(step)?.get(completed_at ?? '') ?? 0) * APART_MS;
}

/** From the closest match to the loosest. */
function inOrder<A>(calls: readonly Call[], answer: (call: Call, wanted: Wanted, reply: ToolReply) => A): A[] {
  const answered = calls.flatMap((call) => {
    const reply = replyOf(call.visit);
    return reply ? [{ call, reply: { takes_ms: call.takes_ms, ...reply } }] : [];
  });
  const by = (wanted: (visit: RecordedVisit) => Wanted): A[] =>
    answered.map(({ call, reply }) => answer(call, wanted(call.visit), reply));
  return [
    ...by(({ node, visit, input }) => ({ node, visit, arguments: input })),
    ...by(({ node, input }) => ({ node, arguments: input })),
    ...by(({ input }) => ({ arguments: input })),
    ...by(({ node, visit }) => ({ node, visit })),
  ];
}

const toolAnswer = ({ called }: Call, wanted: Wanted, reply: ToolReply): ToolAnswer => ({
  ...wanted,
  tool: called.name,
  reply,
});
const functionAnswer = ({ called }: Call, wanted: Wanted, reply: ToolReply): FunctionAnswer => ({
  ...wanted,
  handler: called.name,
  reply,
});

/** An agent says at once what it came to; where another version asks for another form, and tells it so, again. */
function modelAnswers(calls: readonly Call[], { nodes }: WorkflowDefinition): ModelAnswer[] {
  const asJson = new Set(nodes.flatMap((node) => (node.type === 'agent' && node.response_schema ? [node.id] : [])));
  return inOrder(calls, ({ called, visit: { node: from } }, { arguments: prompt, ...wanted }, reply): ModelAnswer => {
    const turn: ModelTurn =
      'result' in reply ? { ...saidOf(reply.result, asJson.has(from)), takes_ms: reply.takes_ms ?? 0 } : reply;
    return { ...wanted, ...(prompt === undefined ? {} : { prompt }), agent: called.name, turns: [turn, turn] };
  });
}

const saidOf = (result: Json, asJson: boolean): { text: string } | { json: Json } =>
  typeof result === 'string' && !asJson ? { text: result } : { json: result };

/** What the visit's call was answered; undefined: its row does not tell. */
function replyOf({ status, output, error }: RecordedVisit): ToolReply | undefined {
  if (status === 'completed') return { result: output };
  // Ended with a sibling that failed.
  if (status !== 'failed') return { result: null, takes_ms: FOR_EVER_MS };
  if (!error || NO_ANSWER.has(error.code)) return undefined;
  if (error.code === 'CIRCUIT_OPEN') return { refused: {} };
  const { code, message, details } = error;
  return { error: { code, message, details } };
}

function childReplyOf(visit: RecordedVisit): WorkflowReply | undefined {
  const cause = visit.error?.details['cause'];
  const reply = replyOf(visit);
  if (!reply || !('error' in reply) || cause === undefined) return reply;
  const { code, message, details } = cause as unknown as { code: string; message: string; details: JsonObject };
  return { error: { code, message, details } };
}

/** Every workflow that any version might call is answered: by its records, or as one that was not recorded. */
function workflowsOf(definition: WorkflowDefinition, calls: readonly Call[]): SimulationScript['workflows'] & object {
  const names = new Set(calls.map(({ called }) => called.name));
  for (const node of definition.nodes) if (node.type === 'workflow') names.add(node.workflow);
  const answersOf = (name: string): WorkflowAnswer[] => {
    const answered = calls.flatMap(({ called, visit, takes_ms }) => {
      const reply = called.name === name ? childReplyOf(visit) : undefined;
      return reply ? [{ visit, reply: { takes_ms, ...reply } }] : [];
    });
    return [
      ...answered.map(({ visit: { node, visit, input }, reply }) => ({ node, visit, input, reply })),
      ...answered.map(({ visit: { input }, reply }) => ({ input, reply })),
      ...answered.map(({ visit: { node, visit }, reply }) => ({ node, visit, reply })),
      { reply: UNRECORDED_REPLY },
    ];
  };
  return Object.fromEntries([...names].map((name) => [name, { answers: answersOf(name) }]));
}

function peopleOf({ approvals, visits }: Pick<RecordedExecution, 'approvals' | 'visits'>): PersonAnswer[] {
  const decided = approvals.flatMap(({ status, gate_name: gate, node, visit, ...rest }): PersonAnswer[] => {
    if (status === 'pending' || status === 'cancelled') return [];
    const { approval_id, decided_by, decided_at, notes, given = null } = rest;
    const how = { approval_id, decided_by, ...(decided_at === null ? {} : { decided_at }) };
    // Where the new gate never expires: whoever let the time pass did not approve.
    const otherwise = status === 'expired' ? { otherwise: 'rejected' as const } : {};
    const instead =
      status === 'edited' ? { arguments: given as JsonObject } : status === 'answered' ? { result: given } : {};
    const said = notes === null ? {} : { notes };
    return [{ node, visit, gate, decision: status, ...otherwise, ...instead, ...how, ...said }];
  });
  // Nobody decided before something else ended it: nor does anybody here.
  const undecided = visits.flatMap(({ node, visit, status }): PersonAnswer[] =>
    status === 'cancelled' ? [{ node, visit, decision: 'expired', otherwise: 'approved' }] : [],
  );
  return [...decided, ...undecided, { decision: 'approved' }];
}

/**
 * Answers take no time here, so what came in time comes at once; only where a wait for the name had timed out do its
 * times count.
 */
function signalsOf({ signals, visits }: RecordedExecution, { nodes }: WorkflowDefinition): RecordedSignal[] {
  const timedOut = new Set(
    nodes.flatMap((node) => {
      const missed = visits.some((visit) => visit.node === node.id && visit.error?.code === 'WAIT_TIMEOUT');
      return node.type === 'wait' && node.signal !== undefined && missed ? [node.signal] : [];
    }),
  );
  return signals.map((signal) => (timedOut.has(signal.name) ? signal : { ...signal, after_ms: 0 }));
}
