import {
  DEFAULT_GATE,
  isGraphsQueue,
  jsonSize,
  type FunctionNode,
  type GateNode,
  type JsonObject,
  type ToolNode,
  type ToolSpec,
} from '@aumos/agf-domain/runtime';
import {
  GRAPH_LIMIT,
  PAYLOAD_BYTES,
  UNKNOWN_HANDLER,
  type GraphAnswer,
  type GraphCallOptions,
  type GraphRequest,
} from '../../common/index.js';
import { noEdges } from '../plan/compile-edges.js';
import { executionError } from '../plan/failure.js';
import { own } from '../plan/own.js';
import type { NodePlan } from '../plan/plan.js';
import { faultOfRequest } from './fault-of-request.js';
import { GATED_FROM } from './gate-of-call.js';
import { toldRow } from './told-by-graph.js';
import { isObject } from './told-json.js';
import type { Visit } from './visit.js';

/** About a quarter of what Temporal keeps of one history. */
const MOST_CALLS = 1_000;
/** of one message: more take longer than a workflow task has */
const MOST_ROWS = 10_000;
const NAME_LENGTH = 200;
/** No channel: the synthetic node's one write is its result. */
const RESULT = '~result';

/** What a team's graph does beyond computing is done by its execution, as visits of their own: `<node>~<visit>~<its node>`. */
export interface CallsOfGraph {
  /** Guarded, retried and journalled like any node's. Never throws. @param told a {@link GraphRequest}, or anything else */
  call(told: Readonly<Record<string, unknown>>, specOf: SpecOf): Promise<GraphAnswer>;
  /** @param visits each a `GraphVisit`, or anything else */
  ended(visits: readonly unknown[]): void;
}

type SpecOf = (tool: string) => Promise<ToolSpec | null>;
type CallNode = ToolNode | FunctionNode | GateNode;

export function callsOfGraph(visit: Visit<FunctionNode>): CallsOfGraph {
  const { run, node, site, view } = visit;
  const counts = new Map<string, number>();
  let calls = 0;
  const nextVisit = (name: string): number => {
    const next = (counts.get(name) ?? 0) + 1;
    counts.set(name, next);
    return next;
  };
  const named = (inner: string): string =>
    `${node.id}~${String(site.visit)}~${inner.replace(/[^\w.~-]/g, '-').slice(0, NAME_LENGTH)}`;
  const refuse = (name: string, code: string, text: string): GraphAnswer => ({
    kind: 'failed',
    error: executionError({ node: name, visit: null }, code, text),
  });

  return {
    async call(told, specOf) {
      if (++calls > MOST_CALLS)
        return refuse(node.id, GRAPH_LIMIT, `A graph asks for ${String(MOST_CALLS)} things at most`);
      const fault = faultOfRequest(told);
      if (fault !== undefined) return refuse(node.id, 'INVALID_ARGUMENTS', fault);
      const request = told as unknown as GraphRequest;
      const id = named(`${request.node}~${calleeOf(request)}`);
      const spec = request.kind === 'tool' ? await specOf(request.tool) : null;
      if (request.kind === 'tool' && !spec) return refuse(id, 'UNKNOWN_TOOL', `There is no tool "${request.tool}"`);
      if (request.kind === 'function' && isGraphsQueue(request.options.task_queue))
        return refuse(id, UNKNOWN_HANDLER, 'A graph calls no other graph: use a subgraph');
      const gate = gateOf(request);
      if (gate !== undefined && !own(run.plan.definition.hitl_gates ?? {}, gate))
        return refuse(id, 'UNKNOWN_GATE', `The definition has no gate "${gate}"`);
      if (isWeaker(gate, node, spec))
        return refuse(id, 'INVALID_ARGUMENTS', `From level ${String(GATED_FROM)} on only the node names a gate`);
      if (run.commands.paused) await run.runtime.until(() => !run.commands.paused);
      if (run.ended.overflows) await run.relieve();
      const due = { visit: nextVisit(id), item: null };
      const outcome = await run.visitInside(plannedCall(request, id, node, spec), due, view);
      const answer: GraphAnswer =
        outcome.kind === 'failed'
          ? { kind: 'failed', error: outcome.error }
          : { kind: 'done', result: outcome.writes.find(([channel]) => channel === RESULT)?.[1] ?? null };
      if (jsonSize(answer) <= PAYLOAD_BYTES) return answer;
      return refuse(id, 'PAYLOAD_TOO_LARGE', `A graph takes results of ${String(PAYLOAD_BYTES)} bytes at most`);
    },
    ended(visits) {
      for (const told of visits.slice(0, MOST_ROWS)) {
        if (!isObject(told) || typeof told['node'] !== 'string') continue;
        const name = named(told['node']);
        const site = { node: name, visit: nextVisit(name) };
        const row = toldRow(told, site, run.runtime.now());
        const item = visit.due.item?.index ?? null;
        run.ended.add({ ...row, ...site, step: view.book.step, item, type: 'graph_node' }, false);
      }
    },
  };
}

const gateOf = (request: GraphRequest): string | undefined =>
  request.kind === 'approval' ? request.gate : request.options.gate;

/** Whether the gate that a graph names could stand for less than the default one, which holds where its node names none. */
function isWeaker(gate: string | undefined, caller: FunctionNode, spec: ToolSpec | null): boolean {
  if (gate === undefined || gate === DEFAULT_GATE || caller.gate !== undefined) return false;
  return Math.max(caller.privilege_level ?? 1, spec?.min_privilege_level ?? 1) >= GATED_FROM;
}

const calleeOf = (request: GraphRequest): string => {
  if (request.kind === 'tool') return request.tool;
  return request.kind === 'function' ? request.handler : 'approval';
};

/** What the calling node says of levels and gates holds for all that its graph asks for. */
function plannedCall(request: GraphRequest, id: string, caller: FunctionNode, spec: ToolSpec | null): NodePlan {
  const given = request.kind === 'approval' ? request.payload : (request.arguments as JsonObject | undefined);
  return {
    node: nodeOf(request, id, caller),
    out: noEdges(),
    value: () => ({ evaluate: () => given ?? null }),
    outputs: [],
    ...(spec ? { spec } : {}),
    ...(request.kind === 'approval' ? { decisionOnly: true as const } : {}),
  };
}

/** The gate of the calling node holds; a graph names one only where that has none. */
function nodeOf(request: GraphRequest, id: string, caller: FunctionNode): CallNode {
  const { privilege_level } = caller;
  const gate = caller.gate ?? gateOf(request);
  const base = {
    ...{ id, output: RESULT },
    ...(privilege_level === undefined ? {} : { privilege_level }),
    ...(gate === undefined ? {} : { gate }),
  };
  // Without a gate of its own: the workflow's for all, or the platform's.
  if (request.kind === 'approval') return { ...base, type: 'gate' } as GateNode;
  const options = optionsOf(request.options);
  if (request.kind === 'tool') return { ...base, ...options, type: 'tool', tool: request.tool };
  const { task_queue } = request.options;
  const queue = task_queue === undefined ? {} : { task_queue };
  return { ...base, ...options, ...queue, type: 'function', handler: request.handler };
}

/** Whatever else it brings along is left behind. */
const optionsOf = ({ retry, timeout_seconds, open_wait_seconds }: GraphCallOptions): Omit<GraphCallOptions, 'gate'> =>
  Object.fromEntries(
    Object.entries({ retry, timeout_seconds, open_wait_seconds }).filter(([, value]) => value !== undefined),
  );
