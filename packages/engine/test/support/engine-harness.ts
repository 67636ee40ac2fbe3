import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll } from '@jest/globals';
import { Client, type WorkflowHandle } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import { NativeConnection, Worker } from '@temporalio/worker';
import {
  childExecutionId,
  executionWorkflowId,
  type AgentSpec,
  type GatePolicy,
  type Json,
  type JsonObject,
  type PrivilegeLevel,
  type ToolSpec,
  type WorkflowDefinition,
} from '@aumos/agf-domain';
import { eventually, testStack } from '@aumos/agf-testing';
import {
  cancelExecution,
  sendCommand,
  signalDecided,
  startGraphWorkflow,
  type ExecutionCommand,
} from '../../src/client/index.js';
import {
  AGENT_TURN_ACTIVITY,
  HANDLER_ACTIVITY,
  type ExecutorCall,
  type ApprovalStart,
  type ExecutionOutcome,
  type ExecutionStart,
  type HandlerCall,
  type ResumePoint,
} from '../../src/common/index.js';
import { activityContext } from '../../src/worker/activity-context.js';
import { APPROVAL_BUNDLE_PATH, GRAPH_BUNDLE_PATH } from '../../src/worker/bundles.js';
import { createApprovalWorker } from '../../src/worker/create-approval-worker.js';
import { createExecutionWorker } from '../../src/worker/create-execution-worker.js';
import { withLargePayloads } from '../../src/worker/large-payloads.js';
import { quietRuntime, replayErrors } from './replay.js';
import { MemoryPayloads } from './memory-payloads.js';
import {
  MemoryActivities,
  type ExecutorBody,
  type HandlerBody,
  type ModelBody,
  type Recorded,
  type ToolBody,
} from './memory-activities.js';

/** Each behaviour holds in memory and when every task replays the whole history. */
export const CACHING: [string, { maxCachedWorkflows?: number }][] = [
  ['cached', {}],
  ['evicted on every task', { maxCachedWorkflows: 0 }],
];

/** A hundred generated graphs take their time. */
const REPLAY_TIMEOUT_MS = 180_000;

/** Opens a harness for a suite; closes it when all of its histories were replayed. */
export function useEngine(
  options: Parameters<typeof EngineHarness.open>[0] = {},
  setUp: (engine: EngineHarness) => void = () => undefined,
): () => EngineHarness {
  let engine: EngineHarness;
  beforeAll(async () => {
    engine = await EngineHarness.open(options);
    setUp(engine);
  });
  afterAll(async () => {
    await engine.replayAndClose();
  }, REPLAY_TIMEOUT_MS);
  return () => engine;
}

export interface RunOptions {
  input?: Json;
  /** by tool name; what is missing is an idempotent tool of level 2 */
  tools?: Record<string, Partial<ToolSpec>>;
  /** by name: of tools that agents call, as of others; default: every tool named in `tools` */
  agents?: Record<string, Partial<AgentSpec>>;
  level?: PrivilegeLevel;
  /** of the tenant, as they are when it starts */
  policies?: GatePolicy[];
  timeoutSeconds?: number;
  continueAfter?: { events: number; visits: number };
  /** each of its segments is run, and then again, as after a crash */
  segmentsTwice?: boolean;
  /** where another execution stood */
  resume?: ResumePoint;
  /** how long a handler's call waits for a worker; default 10 */
  workerWaitSeconds?: number;
}

export interface StartedRun {
  executionId: string;
  /** of the child that a visit of the node is */
  child(node: string, visit?: number): StartedRun;
  recorded: Recorded;
  outcome(): Promise<ExecutionOutcome>;
  pending(count?: number): Promise<ApprovalStart[]>;
  decide(approval: ApprovalStart, status: 'approved' | 'rejected', notes?: string): Promise<void>;
  /** other arguments instead */
  /** @param required of how many people, as it was raised meanwhile */
  edit(approval: ApprovalStart, given: JsonObject, by?: string, required?: number): Promise<void>;
  /** in place of the call */
  answer(approval: ApprovalStart, result: Json): Promise<void>;
  cancel(): Promise<boolean>;
  send(command: ExecutionCommand): Promise<boolean>;
  signal(name: string, payload?: Json): Promise<boolean>;
}

type History = Awaited<ReturnType<WorkflowHandle['fetchHistory']>>;

const TENANT = 'tenant-a';

const spec = (name: string, more: Partial<ToolSpec> = {}): ToolSpec => ({
  name,
  version: 1,
  description: name,
  category: 'data',
  input_schema: true,
  output_schema: true,
  min_privilege_level: 2,
  idempotent: true,
  timeout_seconds: 30,
  ...more,
});

const toolsOf = (definition: WorkflowDefinition, more: RunOptions['tools'] = {}): Record<string, ToolSpec> =>
  Object.fromEntries(
    definition.nodes
      .flatMap((node) => [
        ...(node.type === 'tool' ? [node.tool] : []),
        ...(node.type === 'agent' ? Object.keys(more) : []),
        ...(node.compensate === undefined ? [] : [node.compensate.tool]),
      ])
      .map((name) => [name, spec(name, more[name])]),
  );

/** Whatever the definition names: an agent of level 5 that may call every tool of the run. */
const agentsOf = (
  { nodes }: WorkflowDefinition,
  { agents = {}, tools = {} }: Pick<RunOptions, 'agents' | 'tools'>,
): Record<string, AgentSpec> =>
  Object.fromEntries(
    nodes
      .flatMap((node) => (node.type === 'agent' ? [node.agent] : []))
      .map((name) => [
        name,
        {
          ...{ id: `id-of-${name}`, name, version: 1, instructions: `You are ${name}.`, model: null },
          ...{ privilege_level: 5 as const, tools: Object.keys(tools), limits: {} },
          ...agents[name],
        },
      ]),
  );

/** Both workers on queues of their own, over activities in memory. */
export class EngineHarness {
  readonly activities = new MemoryActivities();
  readonly queues = {
    executions: `engine-${randomUUID()}`,
    approvals: `approvals-${randomUUID()}`,
    nodes: `nodes-${randomUUID()}`,
  };
  private readonly started = new Set<string>();
  private readonly workers: { worker: Worker; done: Promise<void> }[] = [];

  private constructor(
    readonly connection: NativeConnection,
    readonly client: Client,
    readonly payloads: MemoryPayloads,
  ) {}

  static async open(options: { maxCachedWorkflows?: number; executionWorker?: boolean } = {}): Promise<EngineHarness> {
    quietRuntime();
    const { temporal, temporal_namespace: namespace } = testStack();
    const connection = await NativeConnection.connect({ address: temporal });
    const largePayloads = new MemoryPayloads();
    const client = new Client({ connection, namespace, dataConverter: withLargePayloads(largePayloads) });
    const harness = new EngineHarness(connection, client, largePayloads);
    const shared = { connection, namespace, activities: harness.activities, largePayloads, ...options };
    const { executions, approvals } = harness.queues;
    if (options.executionWorker ?? true) harness.run(await createExecutionWorker({ ...shared, taskQueue: executions }));
    harness.run(await createApprovalWorker({ ...shared, taskQueue: approvals }));
    harness.run(await harness.nodeWorker());
    return harness;
  }

  /** What a team deploys: a worker that has the suite's handlers and nothing else. */
  private nodeWorker(): Promise<Worker> {
    return Worker.create({
      connection: this.connection,
      namespace: testStack().temporal_namespace,
      taskQueue: this.queues.nodes,
      activities: {
        [HANDLER_ACTIVITY]: (call: HandlerCall) => this.activities.runHandler(call),
        [AGENT_TURN_ACTIVITY]: (call: ExecutorCall) => this.activities.runExecutor(call),
      },
      interceptors: { activity: [activityContext] },
      maxHeartbeatThrottleInterval: 300,
    });
  }

  handler(name: string, body: HandlerBody): this {
    this.activities.handlers.set(name, body);
    return this;
  }

  tool(name: string, body: ToolBody): this {
    this.activities.tools.set(name, body);
    return this;
  }

  executor(name: string, body: ExecutorBody): this {
    this.activities.executors.set(name, body);
    return this;
  }

  model(agent: string, body: ModelBody): this {
    this.activities.models.set(agent, body);
    return this;
  }

  /** What `workflow` nodes call by its name. @returns its id */
  workflow(definition: WorkflowDefinition, options: Pick<RunOptions, 'tools'> = {}): string {
    const workflow_id = randomUUID();
    const tools = toolsOf(definition, options.tools);
    this.activities.workflows.set(definition.name, { workflow_id, version: 1, definition, tools });
    return workflow_id;
  }

  startOf(definition: WorkflowDefinition, options: RunOptions = {}): ExecutionStart {
    return {
      tenant_id: TENANT,
      execution_id: randomUUID(),
      workflow_id: this.activities.workflows.get(definition.name)?.workflow_id ?? randomUUID(),
      workflow_name: definition.name,
      version: 1,
      initiator: 'starter',
      definition,
      tools: toolsOf(definition, options.tools),
      agents: agentsOf(definition, options),
      input: options.input ?? null,
      initiator_level: options.level ?? 5,
      ...(options.policies ? { policies: options.policies } : {}),
      initiator_roles: ['developer'],
      workflow_chain: [],
      started_at: '2026-01-02T03:04:05.000Z',
      settings: {
        approval_timeout_hours: 24,
        auto_reject_on_timeout: false,
        timeout_seconds: options.timeoutSeconds ?? 60,
        max_privilege_level: 5,
        approvals_queue: this.queues.approvals,
        ...(options.continueAfter ? { continue_after: options.continueAfter } : {}),
        nodes_queue: this.queues.nodes,
        worker_wait_seconds: options.workerWaitSeconds ?? 10,
      },
      ...(options.resume ? { resume: options.resume } : {}),
    };
  }

  async start(definition: WorkflowDefinition, options: RunOptions = {}): Promise<StartedRun> {
    const start = this.startOf(definition, options);
    if (options.segmentsTwice) this.activities.segmentsTwice.add(start.execution_id);
    await startGraphWorkflow(this.client, start, { taskQueue: this.queues.executions, eager: this.workers.length > 2 });
    return this.follow(start.execution_id);
  }

  follow(executionId: string): StartedRun {
    this.started.add(executionId);
    const recorded = this.activities.of(executionId);
    return {
      executionId,
      child: (node, visit = 1) => this.follow(childExecutionId(executionId, node, visit)),
      recorded,
      outcome: () => eventually(() => recorded.outcome, 'the outcome'),
      pending: (count = 1) =>
        eventually(
          () => {
            const pending = this.activities.pending(executionId);
            return pending.length === count && recorded.paused.length >= count ? pending : null;
          },
          `${String(count)} pending approvals`,
        ),
      decide: async ({ approval_id }, status, notes) => {
        this.activities.decide(approval_id, status, ['somebody'], notes);
        await signalDecided(this.client, TENANT, approval_id);
      },
      edit: async ({ approval_id }, given, by = 'editor', required) => {
        const outcome = this.activities.decide(approval_id, 'edited', [by], undefined, given);
        if (required !== undefined) outcome.approvals_required = required;
        await signalDecided(this.client, TENANT, approval_id);
      },
      answer: async ({ approval_id }, result) => {
        this.activities.decide(approval_id, 'answered', ['somebody'], undefined, result);
        await signalDecided(this.client, TENANT, approval_id);
      },
      cancel: () => cancelExecution(this.client, TENANT, executionId),
      send: (command) => sendCommand(this.client, TENANT, executionId, command),
      signal: (name, payload = null) =>
        sendCommand(this.client, TENANT, executionId, { kind: 'signal', id: randomUUID(), name, payload }),
    };
  }

  async execute(
    definition: WorkflowDefinition,
    options: RunOptions = {},
  ): Promise<ExecutionOutcome & { run: StartedRun }> {
    const run = await this.start(definition, options);
    return { ...(await run.outcome()), run };
  }

  handle(executionId: string) {
    return this.client.workflow.getHandle(executionWorkflowId(TENANT, executionId));
  }

  /** In how many runs the execution has gone on so far. */
  async countRuns(executionId: string): Promise<number> {
    return (await this.allRuns(executionWorkflowId(TENANT, executionId))).length;
  }

  /** Every history of this harness on the current code. @returns the errors */
  async replayAll(): Promise<string[]> {
    const graphs = (await Promise.all([...this.started].map((id) => this.begun(id)))).flat();
    const approvals = [...this.activities.approvals.keys()].map((id) => `${TENANT}/approval/${id}`);
    return [
      ...(await replayErrors(GRAPH_BUNDLE_PATH, await this.histories(graphs), withLargePayloads(this.payloads))),
      ...(await replayErrors(APPROVAL_BUNDLE_PATH, await this.histories(approvals), withLargePayloads(this.payloads))),
    ];
  }

  /** None of a child that was opened, and whose parent ended before it was started. */
  private async begun(executionId: string): Promise<string[]> {
    const workflowId = executionWorkflowId(TENANT, executionId);
    if (this.activities.of(executionId).started > 0) return [workflowId];
    const found = this.client.workflow.getHandle(workflowId).describe();
    return found.then(
      () => [workflowId],
      (error: unknown) => {
        if (error instanceof WorkflowNotFoundError) return [];
        throw error;
      },
    );
  }

  async replayAndClose(): Promise<void> {
    const errors = await this.replayAll();
    await this.close();
    if (errors.length > 0) throw new Error(errors.join('\n'));
  }

  async close(): Promise<void> {
    for (const { worker } of this.workers) worker.shutdown();
    await Promise.all(this.workers.map(({ done }) => done));
    await this.connection.close();
  }

  private run(worker: Worker): void {
    this.workers.push({ worker, done: worker.run() });
  }

  /** Of every run; of what has not ended in time, as far as it came. */
  private async histories(workflowIds: string[]) {
    const over = workflowIds.map((id) =>
      this.client.workflow
        .getHandle(id)
        .result()
        .catch(() => undefined),
    );
    await Promise.race([Promise.all(over), sleep(10_000, undefined, { ref: false })]);
    const histories = await Promise.all(workflowIds.map((workflowId) => this.allRuns(workflowId)));
    return histories.flat();
  }

  async allRuns(workflowId: string): Promise<{ workflowId: string; history: History }[]> {
    const fetch = (runId?: string): Promise<History> =>
      this.client.workflow.getHandle(workflowId, runId).fetchHistory();
    const [started] = (await fetch()).events ?? [];
    const first = started?.workflowExecutionStartedEventAttributes?.firstExecutionRunId ?? undefined;
    const runs: { workflowId: string; history: History }[] = [];
    for (let runId = first; runId;) {
      const history = await fetch(runId);
      runs.push({ workflowId, history });
      runId = history.events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId ?? undefined;
    }
    return runs;
  }
}
