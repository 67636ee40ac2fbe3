import { randomUUID } from 'node:crypto';
import type { Json, WorkflowDefinition } from '@aumos/agf-domain';
import { cancelExecution, startGraphWorkflow } from '@aumos/agf-engine/client';
import type { ExecutionActivities, ExecutionOutcome, ExecutionStart } from '@aumos/agf-engine/common';
import { createExecutionWorker } from '@aumos/agf-engine/worker';
import { eventually, testStack } from '@aumos/agf-testing';
import { Client } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, type Worker } from '@temporalio/worker';

const TENANT = 'tenant-a';
const nothing = async (): Promise<void> => undefined;

/** The engine with a journal that admits all: what calls a team's worker. */
export class Platform {
  readonly nodesQueue = `nodes-${randomUUID()}`;
  private readonly queue = `engine-${randomUUID()}`;
  private readonly outcomes = new Map<string, ExecutionOutcome>();
  private running: Promise<void> = Promise.resolve();
  private worker!: Worker;

  private constructor(
    readonly connection: NativeConnection,
    readonly client: Client,
  ) {}

  static async open(): Promise<Platform> {
    Runtime.install({ logger: new DefaultLogger('ERROR', () => undefined), shutdownSignals: [] });
    const { temporal: address, temporal_namespace: namespace } = testStack();
    const connection = await NativeConnection.connect({ address });
    const platform = new Platform(connection, new Client({ connection, namespace }));
    const activities = platform.activities();
    platform.worker = await createExecutionWorker({ connection, namespace, activities, taskQueue: platform.queue });
    platform.running = platform.worker.run();
    return platform;
  }

  async close(): Promise<void> {
    this.worker.shutdown();
    await this.running;
    await this.connection.close();
  }

  /** One function node. @returns its execution's id */
  async start(handler: string, args: Json, more: Record<string, unknown> = {}): Promise<string> {
    const definition = {
      schema: 'agf/workflow/v1',
      name: 'one',
      state: { r: {} },
      nodes: [{ id: 'a', type: 'function', handler, arguments: args, output: 'r', ...more }],
      edges: [
        { source: 'START', target: 'a' },
        { source: 'a', target: 'END' },
      ],
      output: { cel: 'state.r' },
    } as WorkflowDefinition;
    const start = this.startOf(definition);
    await startGraphWorkflow(this.client, start, { taskQueue: this.queue });
    return start.execution_id;
  }

  outcome(executionId: string): Promise<ExecutionOutcome> {
    return eventually(() => this.outcomes.get(executionId), 'the outcome');
  }

  async execute(...args: Parameters<Platform['start']>): Promise<ExecutionOutcome & { id: string }> {
    const id = await this.start(...args);
    return { id, ...(await this.outcome(id)) };
  }

  cancel(executionId: string): Promise<boolean> {
    return cancelExecution(this.client, TENANT, executionId);
  }

  /** All of it that Temporal keeps. */
  async history(executionId: string): Promise<string> {
    const history = await this.client.workflow.getHandle(`${TENANT}/${executionId}`).fetchHistory();
    const texts = JSON.stringify(history, (_, value: unknown) =>
      value instanceof Uint8Array ? Buffer.from(value).toString() : value,
    );
    return texts;
  }

  private startOf(definition: WorkflowDefinition): ExecutionStart {
    const levels = { initiator_level: 5, initiator_roles: [], workflow_chain: [], tools: {} } as const;
    return {
      ...{ tenant_id: TENANT, execution_id: randomUUID(), workflow_id: randomUUID(), workflow_name: 'one', version: 1 },
      ...{ initiator: 'starter', definition, input: null, started_at: '2026-01-02T03:04:05.000Z' },
      ...levels,
      workflow_chain: [],
      initiator_roles: [],
      settings: {
        ...{ approval_timeout_hours: 24, auto_reject_on_timeout: false, timeout_seconds: 60, max_privilege_level: 5 },
        nodes_queue: this.nodesQueue,
      },
    };
  }

  private activities(): ExecutionActivities {
    const unused = async (): Promise<never> => {
      throw new Error('not here');
    };
    return {
      ...{ recordStarted: nothing, recordVisits: nothing, recordPaused: nothing, recordResumed: nothing },
      recordWaiting: nothing,
      ...{
        runTool: unused,
        callModel: unused,
        remember: unused,
        runFunction: unused,
        runSegment: unused,
        openChild: unused,
      },
      describeTool: unused,
      deadlineOf: unused,
      admitTurn: unused,
      settleTurn: unused,
      admitFunction: async () => ({ kind: 'admitted', permit: { id: 'p', links: [] } }),
      settleFunction: async () => null,
      settleTool: unused,
      recordOutcome: async (outcome) => void this.outcomes.set(outcome.ref.execution_id, outcome),
    };
  }
}
