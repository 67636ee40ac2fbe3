import {
  type BreakerConfig,
  type GatePolicy,
  type PrivilegeLevel,
  raisedLevels,
  type ToolSpec,
} from '@aumos/agf-domain';
import { startGraphWorkflow } from '@aumos/agf-engine/client';
import type { AgentMemory, ExecutionStart } from '@aumos/agf-engine/common';
import {
  DefinitionsRepository,
  type ExecutionEntity,
  ExecutionsRepository,
  GatePoliciesRepository,
  TenantDb,
  type WorkflowVersionEntity,
} from '@aumos/agf-persistence';
import { SETTINGS, withSpan } from '@aumos/agf-platform';
import { ToolCatalog } from '@aumos/agf-tools';
import { Inject, Injectable } from '@nestjs/common';
import { BreakerConfigs } from '../breakers/breaker-configs.js';
import type { WorkerSettings } from '../config.js';
import { CloseAbandoned } from '../execution/close-abandoned.js';
import { TemporalClient } from '../temporal/temporal-client.js';
import { AgentsOf, type NamedAgents, toolsOfAgents } from './agents-of.js';
import { MemoryOfInvocation } from './memory-of-invocation.js';
import { RefuseStart } from './refuse-start.js';
import { ResumeFrom, type Resumed } from './resume-from.js';

/** What is read for a start beside the execution and its version. */
interface With {
  resumed: Resumed;
  named: NamedAgents;
  tools: Record<string, ToolSpec>;
  memory: AgentMemory | null;
  policies: GatePolicy[];
  /** of the workflow's own breaker */
  breaker: BreakerConfig;
}

/** Hands a pending execution to Temporal. May be repeated: the workflow id is the execution's, and it runs once. */
@Injectable()
export class DispatchExecution {
  constructor(
    private readonly db: TenantDb,
    private readonly executions: ExecutionsRepository,
    private readonly definitions: DefinitionsRepository,
    private readonly agents: AgentsOf,
    private readonly tools: ToolCatalog,
    private readonly temporal: TemporalClient,
    private readonly close: CloseAbandoned,
    private readonly memory: MemoryOfInvocation,
    private readonly resume: ResumeFrom,
    private readonly refuse: RefuseStart,
    private readonly breakers: BreakerConfigs,
    private readonly policies: GatePoliciesRepository,
    @Inject(SETTINGS) private readonly settings: WorkerSettings,
  ) {}

  async run(tenantId: string, executionId: string): Promise<void> {
    const found = await this.db.run(tenantId, async () => {
      const execution = await this.executions.get(executionId);
      // A child is its parent's to start.
      if (execution?.status !== 'pending' || execution.parent_execution_id !== null) return null;
      const version = await this.definitions.getVersion(execution.workflow_id, execution.workflow_version);
      if (!version) return null;
      const resumed = await this.resume.of(execution, version.definition);
      const named = await this.agents.named(version.definition);
      const now = await this.tools.specsOf(tenantId, version.definition, toolsOfAgents(named));
      const tools = raisedLevels(now, version.tool_levels);
      const memory = await this.memory.of(execution);
      return { execution, version, resumed, named, tools, memory, policies: await this.policies.now() };
    });
    if (!found) return;
    const { execution, version, ...known } = found;
    const read = { ...known, breaker: await this.breakers.of(tenantId, version.definition.circuit_breaker) };
    await withSpan('dispatch execution', execution.traceparent, async () => {
      if (read.resumed.kind === 'gone') return this.refuse.gone(execution, version);
      const start = this.startOf(execution, version, read);
      // Started eagerly it would begin on this very worker's build, also when that is not the current one.
      const eager = this.settings.workerBecomesCurrent;
      const { status } = await startGraphWorkflow(this.temporal.client, start, { eager });
      // It ran before and was ended from outside: nothing else would end the row.
      if (status === 'ended') await this.close.run(tenantId, executionId, () => Promise.resolve(true));
      await this.db.run(tenantId, () => this.executions.markDispatched(executionId));
    });
  }

  private startOf(
    execution: ExecutionEntity,
    version: WorkflowVersionEntity,
    { resumed, named, tools, memory, policies, breaker: config }: With,
  ): ExecutionStart {
    const { definition } = version;
    const key = `workflow:${execution.workflow_id}` as const;
    return {
      tenant_id: execution.tenant_id,
      execution_id: execution.id,
      workflow_id: execution.workflow_id,
      workflow_name: definition.name,
      version: execution.workflow_version,
      initiator: execution.initiator,
      initiator_level: execution.initiator_level,
      initiator_roles: execution.initiator_roles,
      definition,
      tools,
      ...named,
      input: execution.input_data,
      workflow_chain: [{ key, mode: 'check', config }],
      started_at: new Date().toISOString(),
      settings: {
        approval_timeout_hours: this.settings.hitlApprovalTimeoutHours,
        auto_reject_on_timeout: this.settings.hitlAutoRejectOnTimeout,
        timeout_seconds: this.settings.workflowTimeoutSeconds,
        nodes_queue: this.settings.nodesTaskQueue,
        worker_wait_seconds: this.settings.workerWaitSeconds,
        max_privilege_level: this.settings.agentMaxPrivilegeLevel as PrivilegeLevel,
      },
      ...(execution.traceparent ? { traceparent: execution.traceparent } : {}),
      ...(memory ? { memory } : {}),
      ...(policies.length > 0 ? { policies } : {}),
      ...(resumed.kind === 'at' ? { resume: resumed.point } : {}),
    };
  }
}
