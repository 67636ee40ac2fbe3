import { randomUUID } from 'node:crypto';
import type { ToolContext } from '@aumos/agf-domain';
import type { ExecutionRef, ToolCall } from '@aumos/agf-engine/common';
import {
  createDataSource,
  DefinitionsRepository,
  ExecutionsRepository,
  TenantDb,
  VisitsRepository,
} from '@aumos/agf-persistence';
import { BuiltinTools, runTool } from '@aumos/agf-tools';
import { Context } from '@temporalio/activity';
import { Worker } from '@temporalio/worker';
import { localSystem } from '../system/local.js';
import { handWrittenBundle } from '../temporal/bundle.js';
import { Temporal } from '../temporal/temporal.js';
import { ARGUMENTS, NODES, TOOL, toolChain } from './tool-chain.js';

/**
 * The same tool calls as activities of a workflow written by hand: each in the journal before and after, by the same
 * statements on the same PostgreSQL. No privilege, breaker, gate or trace.
 */
export class BareCalls {
  private readonly queue = `bench-bare-${randomUUID()}`;
  private readonly visits: VisitsRepository;
  private readonly executions: ExecutionsRepository;
  private readonly tools = new BuiltinTools();
  private readonly tenant = randomUUID();

  private constructor(
    private readonly temporal: Temporal,
    private readonly source: Awaited<ReturnType<typeof createDataSource>>,
    private readonly db: TenantDb,
  ) {
    this.visits = new VisitsRepository(db);
    this.executions = new ExecutionsRepository(db);
  }

  static async open(): Promise<BareCalls> {
    const temporal = await Temporal.connect();
    const source = await createDataSource(asApp(localSystem().postgres), {
      applicationName: 'bench-bare',
      poolSize: 10,
    });
    const bare = new BareCalls(temporal, source, new TenantDb(source));
    const { connection, namespace } = temporal;
    const activities = {
      recordStarted: async () => undefined,
      recordOutcome: async () => undefined,
      runTool: (call: ToolCall) => bare.call(call),
    };
    const workflowBundle = await handWrittenBundle();
    temporal.run(await Worker.create({ connection, namespace, workflowBundle, taskQueue: bare.queue, activities }));
    return bare;
  }

  /** @returns from the first node's begin to the last one's end, by the journal, ms */
  async run(): Promise<number> {
    const ref = await this.execution();
    const calls = Array.from({ length: NODES }, (_, index) => callOf(ref, index));
    await this.temporal.client.workflow.execute('handWritten', {
      workflowId: `bench-${ref.execution_id}`,
      taskQueue: this.queue,
      args: [{ ref, calls, together: false, outcome: {} }],
    });
    const { items } = await this.db.run(this.tenant, async () => {
      await this.executions.finish(ref.execution_id, { status: 'completed' });
      return this.visits.listOf(ref.execution_id, { page_size: 100 });
    });
    const ends = items.map(({ completed_at }) => Number(completed_at));
    if (items.length !== NODES || ends.includes(0)) throw new Error('not all of the calls ended');
    return Math.max(...ends) - Math.min(...items.map(({ started_at }) => Number(started_at)));
  }

  async close(): Promise<void> {
    await this.temporal.close();
    await this.source.destroy();
  }

  private async call({ ref, node, visit, step, item, arguments: input }: ToolCall): Promise<void> {
    const key = { execution_id: ref.execution_id, node, visit, step, item, type: 'tool' as const, input };
    await this.db.run(this.tenant, () => this.visits.begin(key));
    const started_at = new Date().toISOString();
    const output = await runTool(this.tools.get(TOOL)!, input, contextOf());
    const ended = { status: 'completed' as const, output, error: null, approval_id: null, started_at };
    await this.db.run(this.tenant, () => this.visits.settle({ ...key, ...ended }));
  }

  private async execution(): Promise<ExecutionRef> {
    const { tenant: tenant_id } = this;
    const name = `bench-${randomUUID()}`;
    const version = { definition: toolChain(name), content_hash: name, warnings: [], published_by: 'bench' };
    const made = await this.db.run(tenant_id, () =>
      new DefinitionsRepository(this.db).createWithVersion({ name, created_by: 'bench' }, version),
    );
    const workflow_id = made!.workflow.id;
    const id = randomUUID();
    const accepted = await this.executions.accept(
      tenant_id,
      {
        id,
        workflow_id,
        workflow_version: 1,
        input_data: null,
        temporal_workflow_id: `bench-${id}`,
        initiator: 'bench',
        initiator_level: 3,
        initiator_roles: [],
        correlation_id: id,
      },
      { defaultLimit: 1_000_000 },
    );
    if (accepted.kind !== 'accepted') throw new Error(`starting: ${accepted.kind}`);
    await this.db.run(tenant_id, () => this.executions.markRunning(id));
    return { tenant_id, execution_id: id, workflow_id, workflow_name: name, version: 1, initiator: 'bench' };
  }
}

/** As the platform's own role: row-level security has its price here, too. */
function asApp(admin: string): string {
  const url = new URL(admin);
  url.searchParams.set('options', '-c role=agf_app');
  return url.href;
}

const callOf = (ref: ExecutionRef, index: number): ToolCall => ({
  ref,
  node: `n${String(index)}`,
  visit: 1,
  step: index + 1,
  item: null,
  tool: TOOL,
  tool_version: 1,
  arguments: ARGUMENTS,
  need: 1,
  initiator_level: 3,
  max_privilege_level: 5,
  workflow_chain: [],
  gate: null,
  timeout_seconds: 60,
  ended: [],
});

/** All that the tool looks at: what it is given is in its arguments. */
const contextOf = (): ToolContext =>
  ({ signal: Context.current().cancellationSignal, heartbeat: () => undefined }) as unknown as ToolContext;
