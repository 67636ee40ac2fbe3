/** One visit, as the language tells it: its input, its approval, its call with retries, its writes. */
import type {
  FunctionNode,
  GateDefinition,
  GateNode,
  Json,
  NodeDefinition,
  ToolNode,
  WaitNode,
  WorkflowDefinition,
  WorkflowNode,
} from '@aumos/agf-domain';
import { evaluated, expression, value, type Scope } from './evaluate.js';
import { Failed, type Expected, type ExpectedVisit, type Failure, type Tell } from './expected.js';
import type { Undoing } from './undo.js';
import { decisionOf, replyOf, SIGNAL, type World } from './world.js';

export interface Due {
  visit: number;
  item: { edge: number; index: number; value: Json } | null;
}

export type Ended = { kind: 'done'; writes: [string, Json][] } | { kind: 'failed'; failure: Failure; open: boolean };

export interface Surroundings {
  definition: WorkflowDefinition;
  world: World;
  step: number;
  scope: Scope;
  tell: Tell;
  /** another definition, from its start to its end */
  run?: (definition: WorkflowDefinition, world: World) => Expected;
  /** its child left this to be undone */
  adopt?: (node: WorkflowNode, visit: number, left: readonly Undoing[]) => void;
  /** a visit succeeded that something undoes */
  succeeded?: (node: NodeDefinition, record: ExpectedVisit, args: Json) => void;
  /** undoes what is due so far */
  undo?: () => Json;
}

export function visit(around: Surroundings, node: NodeDefinition, due: Due): ExpectedVisit & { ended: Ended } {
  const record: ExpectedVisit = {
    node: node.id,
    visit: due.visit,
    step: around.step,
    item: due.item?.index ?? null,
    input: null,
    output: null,
    error: null,
    calls: 0,
    decisions: [],
  };
  const scope = { ...around.scope, item: due.item?.value ?? null, index: due.item?.index ?? null };
  try {
    const writes = body({ ...around, scope }, node, record);
    if (node.compensate) around.succeeded?.(node, record, undoingArguments(node.compensate.arguments, scope, record));
    return { ...record, ended: { kind: 'done', writes } };
  } catch (thrown) {
    if (!(thrown instanceof Failed)) throw thrown;
    const { failure, open } = thrown;
    return { ...record, output: null, error: failure, ended: { kind: 'failed', failure, open } };
  }
}

const fail = (record: ExpectedVisit, code: string, attempts = 1): never => {
  throw new Failed({ code, node: record.node, visit: record.visit, attempts }, code === 'CIRCUIT_OPEN');
};

function undoingArguments(source: Json, scope: Scope, record: ExpectedVisit): Json {
  return evaluated(
    () => value(source, { ...scope, result: record.output }),
    () => fail(record, 'EXPRESSION_ERROR'),
  );
}

/** The scripted world sends every signal but the one that never comes. */
function waited(node: WaitNode, scope: Scope, record: ExpectedVisit): Json {
  const orFail = (source: Json): Json =>
    evaluated(
      () => value(source, scope),
      () => fail(record, 'EXPRESSION_ERROR'),
    );
  const { seconds, until, signal } = node;
  record.input = {
    ...(seconds === undefined ? {} : { seconds: orFail(seconds) }),
    ...(until === undefined ? {} : { until: orFail(until) }),
  };
  if (signal === 'never') fail(record, 'WAIT_TIMEOUT');
  if (signal !== undefined) return SIGNAL;
  const { seconds: time, until: at } = record.input;
  const good =
    seconds === undefined ? typeof at === 'string' && !Number.isNaN(Date.parse(at)) : typeof time === 'number';
  return good ? null : fail(record, 'EXPRESSION_ERROR');
}

function body(around: Surroundings, node: NodeDefinition, record: ExpectedVisit): [string, Json][] {
  const { scope, tell } = around;
  const orFail = (run: () => Json): Json => evaluated(run, () => fail(record, 'EXPRESSION_ERROR'));
  if (node.type === 'transform') {
    const entries = Object.entries(node.set).map(([channel, source]): [string, Json] => [
      channel,
      orFail(() => value(source, scope)),
    ]);
    record.input = record.output = Object.fromEntries(entries);
    return entries;
  }
  if (node.type === 'fail') {
    record.input = orFail(() => value(node.message, scope));
    tell('fail');
    return fail(record, node.code);
  }
  if (node.type === 'compensate') {
    record.output = around.undo?.() ?? null;
    tell('compensate');
    return [];
  }
  if (!isAsking(node)) throw new Error(`no ${node.type} here`);
  if (node.type !== 'wait') record.input = orFail(() => value(inputOf(node) ?? null, scope));
  const result = resultOf({ ...around, scope }, node, record);
  const writes: [string, Json][] = node.output === undefined ? [] : [[node.output, result]];
  for (const [channel, source] of Object.entries(node.outputs ?? {}))
    writes.push([channel, orFail(() => expression(source, { ...scope, result }))]);
  record.output = result;
  tell(node.type);
  return writes;
}

type Calling = ToolNode | FunctionNode;
type Asking = Calling | GateNode | WaitNode | WorkflowNode;

const isAsking = (node: NodeDefinition): node is Asking =>
  ['tool', 'function', 'gate', 'wait', 'workflow'].includes(node.type);

const inputOf = (node: Exclude<Asking, WaitNode>) =>
  node.type === 'gate' ? node.payload : node.type === 'workflow' ? node.input : node.arguments;

function resultOf(around: Surroundings, node: Asking, record: ExpectedVisit): Json {
  if (node.type === 'gate') return atGate(around, node, record);
  if (node.type === 'wait') return waited(node, around.scope, record);
  return node.type === 'workflow' ? child(around, node, record) : call(around, node, record);
}

function child(around: Surroundings, node: WorkflowNode, record: ExpectedVisit): Json {
  const called = around.world.workflows[node.workflow];
  if (!called) throw new Error(`no workflow ${node.workflow}`);
  permitted(around, node, record, { need: node.privilege_level ?? 1, tool: null });
  if (!around.run) throw new Error('no workflow undoes anything');
  record.child = around.run(called.definition, called.world);
  if (record.child.status === 'failed') fail(record, 'CHILD_FAILED');
  around.adopt?.(node, record.visit, record.child.left ?? []);
  return record.child.output;
}

function ask({ world, tell }: Surroundings, record: ExpectedVisit, gate: GateDefinition | undefined): void {
  const expires = gate?.auto_reject_on_timeout === true;
  const decision = expires ? 'expired' : decisionOf(world, record.node, record.visit);
  record.decisions.push(decision);
  tell(decision);
  if (decision === 'rejected') fail(record, 'APPROVAL_REJECTED');
  if (decision === 'expired') fail(record, 'APPROVAL_EXPIRED');
}

function atGate(around: Surroundings, node: GateNode, record: ExpectedVisit): Json {
  ask(around, record, around.definition.hitl_gates?.[node.gate]);
  return { status: 'approved' };
}

/** What a tool or a handler is to its call: a handler needs nothing itself, and may be repeated. */
function calleeOf({ tools }: World, node: Calling): { name: string; need: number; attempts: number } {
  if (node.type === 'function') return { name: node.handler, need: 1, attempts: 3 };
  const spec = tools[node.tool];
  if (!spec) throw new Error(`no tool ${node.tool}`);
  return { name: node.tool, need: spec.min_privilege_level, attempts: spec.idempotent ? 3 : 1 };
}

function call(around: Surroundings, node: Calling, record: ExpectedVisit): Json {
  const { world, tell } = around;
  const { name, need } = calleeOf(world, node);
  permitted(around, node, record, { need: Math.max(need, node.privilege_level ?? 1), tool: name });
  for (let openings = 0; ; openings++) {
    const result = tries(around, node, record);
    if (result !== 'refused') return result.value;
    tell('refused');
    // Where a wait is given, the scripted breaker stays open for longer than that: one more try, at its end.
    if (openings > 0 || !node.open_wait_seconds) return fail(record, 'CIRCUIT_OPEN', 0);
    tell('waited for a breaker');
  }
}

/** Whoever must be asked was, and the level suffices. */
function permitted(
  around: Surroundings,
  node: Calling | WorkflowNode,
  record: ExpectedVisit,
  { need, tool }: { need: number; tool: string | null },
): void {
  const { definition, world, scope, tell } = around;
  const gate = definition.hitl_gates?.[node.gate ?? 'default'];
  if (need >= 3 || node.gate !== undefined) {
    const { state, input } = scope as { state: Json; input: Json };
    const seen = { privilege_level: need, agent: null, tool, arguments: record.input, node: node.id };
    const condition = gate?.trigger_condition ?? 'privilege_level >= 3';
    const held =
      need >= 4 ||
      evaluated(
        () => expression(condition, { ...seen, state, input }),
        () => fail(record, 'EXPRESSION_ERROR'),
      ) === true;
    if (held && need <= world.level) ask(around, record, gate);
  }
  if (need > world.level) {
    tell('denied');
    fail(record, 'PRIVILEGE_DENIED');
  }
}

function tries({ world, tell }: Surroundings, node: Calling, record: ExpectedVisit): 'refused' | { value: Json } {
  const most = node.retry?.max_attempts ?? calleeOf(world, node).attempts;
  for (let attempt = 1; ; attempt++) {
    const reply = replyOf(world, node.id, record.visit, ++record.calls);
    if (reply.kind === 'refused') return 'refused';
    if (reply.kind === 'echo') return { value: record.input };
    if (reply.kind === 'result') return { value: reply.value };
    const final = !reply.retryable || node.retry?.non_retryable?.includes(reply.code);
    if (final || attempt >= most) fail(record, reply.code, attempt);
    tell('retried');
  }
}
