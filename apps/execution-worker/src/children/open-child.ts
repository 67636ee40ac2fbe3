import {
  childExecutionId,
  effectKey,
  executionWorkflowId,
  type GatePolicy,
  isEnded,
  type Json,
  type Permit,
  raisedLevels,
  type ToolSpec,
  storableJson,
} from '@aumos/agf-domain';
import {
  type CalledVersion,
  type ChildCall,
  childError,
  type ChildOpening,
  childRefusal,
  childStart,
  type ExecutionStart,
  POLICIES_CHANGED,
  tooLarge,
} from '@aumos/agf-engine/common';
import {
  ApprovalsRepository,
  type ExecutionEntity,
  ExecutionsRepository,
  GatePoliciesRepository,
  TenantDb,
  VisitsRepository,
} from '@aumos/agf-persistence';
import { SETTINGS } from '@aumos/agf-platform';
import { BreakerGuard } from '@aumos/agf-resilience';
import { ToolCatalog } from '@aumos/agf-tools';
import { Inject, Injectable } from '@nestjs/common';
import { BreakerConfigs } from '../breakers/breaker-configs.js';
import type { WorkerSettings } from '../config.js';
import { ExecutionLog } from '../execution/execution-log.js';
import { AgentsOf, type NamedAgents, toolsOfAgents } from '../dispatch/agents-of.js';
import { authorizeChild } from './authorize-child.js';
import { CalledVersions } from './called-version.js';
import { endOfChild } from './end-of-child.js';
import { NoteChild } from './note-child.js';

interface Found {
  parent: ExecutionEntity;
  /** the visit's child, where it has one */
  child: ExecutionEntity | null;
  called: CalledVersion | null;
  named: NamedAgents;
  tools: Record<string, ToolSpec>;
  /** the tenant's, as they are now */
  policies: GatePolicy[];
}

/**
 * The child of a visit's attempt: version → privilege, depth, input → breakers → approval → its pending row, with the parent's
 * running visit. Its parent's workflow starts it, nobody else does. Asked again, the same child is the answer.
 */
@Injectable()
export class OpenChild {
  constructor(
    private readonly db: TenantDb,
    private readonly executions: ExecutionsRepository,
    private readonly visits: VisitsRepository,
    private readonly approvals: ApprovalsRepository,
    private readonly versions: CalledVersions,
    private readonly guard: BreakerGuard,
    private readonly breakers: BreakerConfigs,
    private readonly agents: AgentsOf,
    private readonly tools: ToolCatalog,
    private readonly note: NoteChild,
    private readonly log: ExecutionLog,
    private readonly policies: GatePoliciesRepository,
    @Inject(SETTINGS) private readonly settings: WorkerSettings,
  ) {}

  async run(call: ChildCall): Promise<ChildOpening> {
    const found = await this.look(call);
    if (!found) return failed(call, 'CANCELLED', 'The execution has ended');
    const { child, called } = found;
    if (child && isEnded(child.status)) return endOfChild(call, child);
    if (!called) return failed(call, 'UNKNOWN_WORKFLOW', `There is no such version of the workflow ${call.workflow}`);
    const start = await this.startOf(call, called, found);
    if (child) return { kind: 'opened', start };
    const error = childRefusal(call, called, this.settings.maxWorkflowDepth) ?? tooLarge(call, start);
    if (error?.code === 'PRIVILEGE_DENIED') return this.note.denied(call, error);
    if (error) return { kind: 'failed', error };
    const authorized = authorizeChild(call, found.policies);
    if (authorized.kind === 'policies_changed') return held(call, authorized.policies);
    return this.admitted(call, start, found.parent);
  }

  private async look(call: ChildCall): Promise<Found | null> {
    const { tenant_id, execution_id } = call.ref;
    return this.db.run(tenant_id, async () => {
      await this.log.recordEnded(call.ref, call.ended, call.steps);
      const parent = await this.executions.get(execution_id);
      if (!parent || isEnded(parent.status)) return null;
      const child = await this.executions.get(childExecutionId(execution_id, call.node, call.visit, call.attempt));
      const called = child
        ? await this.versions.at(child.workflow_id, child.workflow_version)
        : await this.versions.of(call);
      if (!called) return { parent, child, called, named: {}, tools: {}, policies: [] };
      const named = await this.agents.named(called.definition);
      const now = await this.tools.specsOf(tenant_id, called.definition, toolsOfAgents(named));
      const tools = raisedLevels(now, called.tool_levels);
      return { parent, child, called, named, tools, policies: await this.policies.now() };
    });
  }

  private async startOf(
    call: ChildCall,
    called: CalledVersion,
    { named, tools, policies }: Found,
  ): Promise<ExecutionStart> {
    const { definition, workflow_id } = called;
    const config = await this.breakers.of(call.ref.tenant_id, definition.circuit_breaker);
    const link = { key: `workflow:${workflow_id}`, mode: 'check', config } as const;
    const under = policies.length === 0 ? {} : { policies };
    return childStart(call, { ...called, ...named, ...under, link, tools }, new Date().toISOString());
  }

  /** A start takes a permit of its own workflow's breaker, and is refused by any above it that is open. */
  private async admitted(call: ChildCall, start: ExecutionStart, parent: ExecutionEntity): Promise<ChildOpening> {
    const { tenant_id } = call.ref;
    const [own, ...above] = start.workflow_chain;
    const chain = [...(own ? [{ ...own, mode: 'count' as const }] : []), ...above];
    const seconds = start.definition.limits?.timeout_seconds ?? start.settings.timeout_seconds;
    const admission = await this.guard.acquire(tenant_id, chain, { level: call.need, lease_ms: seconds * 1000 });
    if (!admission.admitted) return this.note.refused(call, admission);
    const { permit } = admission;
    const giveBack = (): Promise<void> => this.guard.report(tenant_id, permit, 'ignored');
    try {
      const written = await this.db.run(tenant_id, () => this.write(call, start, parent, permit));
      if (written !== 'written') await giveBack();
      if (written !== 'unapproved') return { kind: 'opened', start };
    } catch (error) {
      await giveBack();
      throw error;
    }
    const text = `calling ${call.workflow} needs an approval, and none covers this call`;
    return this.note.denied(call, childError(call, 'PRIVILEGE_DENIED', text, { need: call.need }));
  }

  private async write(
    call: ChildCall,
    start: ExecutionStart,
    parent: ExecutionEntity,
    permit: Permit,
  ): Promise<'written' | 'known' | 'unapproved'> {
    if (!(await this.consumeApproval(call))) return 'unapproved';
    const { execution_id: id, ancestors = [] } = start;
    const written = await this.executions.insertChild({
      id,
      workflow_id: start.workflow_id,
      workflow_version: start.version,
      input_data: storableJson(call.input),
      temporal_workflow_id: executionWorkflowId(start.tenant_id, id),
      initiator: start.initiator,
      initiator_level: start.initiator_level,
      initiator_roles: start.initiator_roles,
      correlation_id: parent.correlation_id,
      breaker_permit: permit.links.length > 0 ? permit : null,
      traceparent: start.traceparent ?? null,
      parent_execution_id: parent.id,
      root_execution_id: parent.root_execution_id ?? parent.id,
      parent_node: call.node,
      parent_visit: call.visit,
      parent_attempt: call.attempt ?? 1,
      depth: ancestors.length,
      privilege_ceiling: start.privilege_ceiling ?? start.initiator_level,
    });
    const { node, visit, step, item } = call;
    await this.visits.begin({
      ...{ execution_id: parent.id, node, visit, step, item },
      type: 'workflow',
      input: storableJson(call.input),
      child_execution_id: id,
    });
    return written ? 'written' : 'known';
  }

  /** Once for a visit. @returns whether the call may be made */
  private async consumeApproval(call: ChildCall): Promise<boolean> {
    const needed = authorizeChild(call);
    if (needed.kind === 'policies_changed') return false;
    if (needed.kind === 'allowed') {
      await this.note.unasked(call);
      return true;
    }
    const { approval_id, payload_hash } = needed;
    if (!approval_id || !payload_hash) return false;
    const effect_key = effectKey(call.ref.execution_id, call.node, call.visit);
    const answer = await this.approvals.consume({ approval_id, payload_hash, effect_key });
    if (answer === 'consumed') await this.note.audited(call, 'allowed', { approval_id, payload_hash });
    return answer !== 'refused';
  }
}

/** Nothing was done: the parent asks people under these, and calls anew. */
const held = (call: ChildCall, policies: readonly GatePolicy[]): ChildOpening => {
  const text = `policies of the tenant hold the call of ${call.workflow}, and nobody was asked under them`;
  return { kind: 'failed', error: childError(call, POLICIES_CHANGED, text, { policies: policies as unknown as Json }) };
};

const failed = (call: ChildCall, code: string, message: string): ChildOpening => ({
  kind: 'failed',
  error: childError(call, code, message),
});
