import {
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
  type GraphVisit,
} from '../../common/index.js';
import { noEdges } from '../plan/compile-edges.js';
import { executionError } from '../plan/failure.js';
import { own } from '../plan/own.js';
import type { NodePlan } from '../plan/plan.js';
import type { Visit } from './visit.js';

/** About a quarter of what Temporal keeps of one history. */
const MOST_CALLS = 1_000;
const NAME_LENGTH = 200;
/** No channel: the synthetic node's one write is its result. */
const RESULT = '~result';

/** What a team's graph does beyond computing is done by its execution, as visits of their own: `<node>~<visit>~<its node>`. */
export interface CallsOfGraph {
  /** Guarded, retried and journalled like any node's. Never throws. @param spec of the tool that is asked for */
  call(request: GraphRequest, spec: ToolSpec | null): Promise<GraphAnswer>;
  ended(visits: readonly GraphVisit[]): void;
}

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
    async call(request, spec) {
      const planned = plannedCall(request, named(`${request.node}~${calleeOf(request)}`), node, spec);
      const { id, gate } = planned.node;
      if (++calls > MOST_CALLS) return refuse(id, GRAPH_LIMIT, `A graph asks for ${String(MOST_CALLS)} things at most`);
      if (request.kind === 'tool' && !spec) return refuse(id, 'UNKNOWN_TOOL', `There is no tool "${request.tool}"`);
      if (request.kind === 'function' && isGraphsQueue(request.options.task_queue))
        return refuse(id, UNKNOWN_HANDLER, 'A graph calls no other graph: use a subgraph');
      if (gate !== undefined && !own(run.plan.definition.hitl_gates ?? {}, gate))
        return refuse(id, 'UNKNOWN_GATE', `The definition has no gate "${gate}"`);
      if (run.commands.paused) await run.runtime.until(() => !run.commands.paused);
      if (run.ended.overflows) await run.relieve();
      const due = { visit: nextVisit(id), item: null };
      const outcome = await run.visitInside(planned, due, view);
      if (outcome.kind === 'failed') return outcome;
      const result = outcome.writes.find(([channel]) => channel === RESULT)?.[1] ?? null;
      if (jsonSize(result) <= PAYLOAD_BYTES) return { kind: 'done', result };
      return refuse(id, 'PAYLOAD_TOO_LARGE', `A graph takes results of ${String(PAYLOAD_BYTES)} bytes at most`);
    },
    ended(visits) {
      for (const { node: inner, ...record } of visits) {
        const name = named(inner);
        const ended = { node: name, visit: nextVisit(name), step: view.book.step, item: visit.due.item?.index ?? null };
        const status = record.error ? 'failed' : 'completed';
        run.ended.add({ ...record, ...ended, type: 'graph_node', status }, false);
      }
    },
  };
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
  };
}

function nodeOf(request: GraphRequest, id: string, caller: FunctionNode): CallNode {
  const { privilege_level, gate } = caller;
  const base = { id, output: RESULT, ...(privilege_level === undefined ? {} : { privilege_level }) };
  // Without a gate of its own: the workflow's for all, or the platform's.
  if (request.kind === 'approval') return { ...base, type: 'gate', gate: request.gate ?? gate } as GateNode;
  const options = optionsOf({ ...(gate === undefined ? {} : { gate }), ...request.options });
  if (request.kind === 'tool') return { ...base, ...options, type: 'tool', tool: request.tool };
  const { task_queue } = request.options;
  const queue = task_queue === undefined ? {} : { task_queue };
  return { ...base, ...options, ...queue, type: 'function', handler: request.handler };
}

/** Whatever else it brings along is left behind. */
const optionsOf = ({ gate, retry, timeout_seconds, open_wait_seconds }: GraphCallOptions): GraphCallOptions =>
  Object.fromEntries(
    Object.entries({ gate, retry, timeout_seconds, open_wait_seconds }).filter(([, value]) => value !== undefined),
  );
