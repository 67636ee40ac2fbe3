import {
  CancellationScope,
  ChildWorkflowCancellationType,
  ParentClosePolicy,
  condition,
  isCancellation,
  proxyLocalActivities,
  startChild,
  workflowInfo,
  type ChildWorkflowHandle,
} from '@temporalio/workflow';
import {
  jsonSize,
  teamGraphWorkflowId,
  type FunctionNode,
  type Json,
  type JsonObject,
  type ToolSpec,
} from '@aumos/agf-domain/runtime';
import {
  GRAPH_FAILED,
  HANDLER_TIMEOUT,
  NO_WORKER,
  PAYLOAD_BYTES,
  RECORDING_RETRY,
  SIGNAL_GRAPH_ANSWERS,
  TEAM_GRAPH_WORKFLOW,
  WORKER_WAIT_SECONDS,
  WORKFLOW_TASK_TIMEOUT,
  handlerCallOf,
  type ExecutionActivities,
  type FunctionCall,
  type GraphAnswers,
  type HandlerReply,
  type TeamGraphStart,
} from '../../common/index.js';
import { executionError, isCatchable } from '../plan/failure.js';
import { NodeError } from '../plan/node-error.js';
import type { CallsOfGraph } from '../run/calls-of-graph.js';
import { toldError } from '../run/told-by-graph.js';
import { isObject, isPlain } from '../run/told-json.js';
import type { FunctionSettings } from './call-function.js';
import { closeInbox, openInbox, type GraphInbox, type ToldRequest } from './graph-inbox.js';
import { locally } from './locally.js';

/** It gives a `GraphEnd`, or anything else: a team's worker sends it. */
type TeamGraph = (start: TeamGraphStart) => Promise<unknown>;

/**
 * Runs a team's graph in its worker, and does what that asks for here, where the execution is.
 * @throws NodeError, a cancellation
 */
export async function runTeamGraph(
  call: FunctionCall,
  node: FunctionNode,
  settings: FunctionSettings,
  inside: CallsOfGraph,
): Promise<HandlerReply> {
  const started = Date.now();
  const key = `${call.node}/${String(call.visit)}`;
  const conversation = new Conversation(call, node, settings, inside, openInbox(key));
  const scope = new CancellationScope();
  try {
    const result = await scope.run(() => conversation.hold(key));
    return { result, attempt: 1, duration_ms: Date.now() - started };
  } finally {
    // What the graph left under way has no one to answer to; a graph that goes on has no execution.
    scope.cancel();
    await CancellationScope.nonCancellable(() => conversation.silence());
    closeInbox(key);
  }
}

class Conversation {
  private readonly underWay = new Set<Promise<void>>();
  private readonly specs = new Map<string, Promise<ToolSpec | null>>();
  private answers: GraphAnswers['answers'] = [];
  private answering: Promise<void> | undefined;
  private ended: { end: unknown } | { error: unknown } | undefined;

  constructor(
    private readonly call: FunctionCall,
    private readonly node: FunctionNode,
    private readonly settings: FunctionSettings,
    private readonly inside: CallsOfGraph,
    private readonly inbox: GraphInbox,
  ) {}

  async hold(key: string): Promise<HandlerReply['result']> {
    const graph = await this.start(key);
    const heard = await condition(() => this.inbox.begun || this.ended !== undefined, this.waitMs);
    if (!heard) throw this.failure(NO_WORKER, 'No worker took the graph from its queue in time');
    const { timeout_seconds: seconds } = this.node;
    const endsAt = seconds === undefined ? undefined : Date.now() + seconds * 1000;
    while (this.ended === undefined) {
      await this.until(() => !this.inbox.isEmpty || this.ended !== undefined, endsAt);
      const { requests, visits } = this.inbox.take();
      this.inside.ended(visits);
      for (const request of requests) this.begin(graph, request);
    }
    if ('error' in this.ended) throw this.brokenOff(this.ended.error);
    return this.resultOf(this.ended.end);
  }

  /** Settles once nothing that it began is under way. */
  async silence(): Promise<void> {
    await Promise.allSettled(this.underWay);
    await this.answering;
  }

  private get waitMs(): number {
    return (this.settings.worker_wait_seconds ?? WORKER_WAIT_SECONDS) * 1000;
  }

  private async start(key: string): Promise<ChildWorkflowHandle<TeamGraph>> {
    const { ref, node, visit, handler, task_queue } = this.call;
    const graph = await startChild<TeamGraph>(TEAM_GRAPH_WORKFLOW, {
      workflowId: teamGraphWorkflowId(ref.tenant_id, ref.execution_id, node, visit),
      taskQueue: task_queue,
      args: [{ ...handlerCallOf(this.call), asks: workflowInfo().workflowId, key }],
      parentClosePolicy: ParentClosePolicy.TERMINATE,
      // Its worker may be gone for good: nobody waits for it.
      cancellationType: ChildWorkflowCancellationType.TRY_CANCEL,
      workflowTaskTimeout: WORKFLOW_TASK_TIMEOUT,
      staticSummary: `${node}: ${handler}`,
    });
    graph.result().then(
      (end) => (this.ended = { end }),
      (error: unknown) => (this.ended = { error }),
    );
    return graph;
  }

  private async until(holds: () => boolean, endsAt: number | undefined): Promise<void> {
    if (endsAt === undefined) return condition(holds);
    if (!(await condition(holds, Math.max(1, endsAt - Date.now()))))
      throw this.failure(HANDLER_TIMEOUT, 'The graph did not end in time');
  }

  private resultOf(told: unknown): Json {
    const { end, visits } = isObject(told) ? told : {};
    if (Array.isArray(visits)) this.inside.ended(visits);
    if (!isObject(end) || end['kind'] !== 'done') throw this.failed(isObject(end) ? end['error'] : null);
    const result = end['result'] ?? null;
    if (jsonSize(result) > PAYLOAD_BYTES) throw this.failure('PAYLOAD_TOO_LARGE', 'The result is too large');
    if (!isPlain(result)) throw this.failure('INVALID_RESULT', 'The result cannot be stored');
    return result as Json;
  }

  private begin(graph: ChildWorkflowHandle<TeamGraph>, request: ToldRequest): void {
    const done = this.inside
      .call(request, (tool) => this.specOf(tool))
      .then((answer) => {
        this.answers.push({ id: request.id, answer });
        this.answering ??= this.tell(graph);
      })
      // It was cancelled, and with it whoever asked.
      .catch(() => undefined)
      .finally(() => this.underWay.delete(done));
    this.underWay.add(done);
  }

  private specOf(tool: string): Promise<ToolSpec | null> {
    const known = this.specs.get(tool) ?? describeTool({ ref: this.call.ref, tool });
    this.specs.set(tool, known);
    return known;
  }

  /** One signal after another, each with all that came meanwhile. */
  private async tell(graph: ChildWorkflowHandle<TeamGraph>): Promise<void> {
    while (this.answers.length > 0 && this.ended === undefined) {
      const batch: GraphAnswers = { inline: true, answers: fitting(this.answers) };
      // One that has ended needs no answers.
      await graph.signal(SIGNAL_GRAPH_ANSWERS, batch).catch(() => undefined);
    }
    this.answering = undefined;
  }

  private failed(told: unknown): NodeError {
    const error = toldError(told, this.call);
    const inner: JsonObject =
      isObject(told) && typeof told['node'] === 'string' ? { node: told['node'].slice(0, NAME_LENGTH) } : {};
    const code = isCatchable(error) ? error.code : GRAPH_FAILED;
    return new NodeError(
      executionError(this.call, code, error.message, { ...error.details, ...inner }, error.attempts),
    );
  }

  private brokenOff(error: unknown): unknown {
    if (isCancellation(error) && CancellationScope.current().consideredCancelled) return error;
    return this.failure(GRAPH_FAILED, 'The graph was ended from outside');
  }

  private failure(code: string, text: string): NodeError {
    return new NodeError(executionError(this.call, code, text));
  }
}

const BATCH_BYTES = 1_400_000;
/** of a node's name in an error's details */
const NAME_LENGTH = 500;

/** Takes as many as one signal holds, and one in any case. */
function fitting(answers: GraphAnswers['answers']): GraphAnswers['answers'] {
  let bytes = 0;
  const most = answers.findIndex((each, index) => (bytes += jsonSize(each)) > BATCH_BYTES && index > 0);
  return answers.splice(0, most === -1 ? answers.length : most);
}

const describeTool = (args: Parameters<ExecutionActivities['describeTool']>[0]): Promise<ToolSpec | null> =>
  locally(() =>
    proxyLocalActivities<Pick<ExecutionActivities, 'describeTool'>>({
      startToCloseTimeout: '30s',
      retry: RECORDING_RETRY,
      localRetryThreshold: '2s',
    }).describeTool(args),
  );
