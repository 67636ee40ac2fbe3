import { randomUUID } from 'node:crypto';
import {
  CallerError,
  canonicalJson,
  compileSchema,
  DISPATCH_HINTS,
  effectiveLevel,
  effectKey,
  executionWorkflowId,
  type Fault,
  type Permit,
  type PrivilegeLevel,
  sha256Hex,
  type StartedExecution,
  type StartOrder,
  storableJson,
  ToolError,
} from '@aumos/agf-domain';
import type { ToolCall } from '@aumos/agf-engine/common';
import {
  type Accepted,
  DefinitionsRepository,
  type ExecutionEntity,
  ExecutionsRepository,
  type StartConditions,
  type StartingPoint,
  TenantDb,
} from '@aumos/agf-persistence';
import { breakerConfigOf, SETTINGS } from '@aumos/agf-platform';
import { BreakerGuard } from '@aumos/agf-resilience';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { Redis } from 'ioredis';
import type { WorkerSettings } from '../config.js';

type StartKey = NonNullable<StartConditions['idempotency']>;

/** It may be started later: nothing was, and it says nothing of the tool. */
class NotNowError extends ToolError {
  override readonly fault: Fault = 'caller';

  constructor(code: string, message: string, retry_after_ms: number) {
    super(code, message, true, { retry_after_ms });
  }
}

/**
 * An execution that a tool starts: accepted as the gateway accepts one (key, slot and pending row in one transaction),
 * in the name and at no more than the effective level of the execution that calls.
 */
@Injectable()
export class StartByTool {
  private readonly logger = new Logger(StartByTool.name);

  constructor(
    private readonly db: TenantDb,
    private readonly definitions: DefinitionsRepository,
    private readonly executions: ExecutionsRepository,
    private readonly guard: BreakerGuard,
    private readonly redis: Redis,
    @Inject(SETTINGS) private readonly settings: WorkerSettings,
  ) {}

  async run(call: ToolCall, order: StartOrder): Promise<StartedExecution> {
    const { tenant_id, initiator } = call.ref;
    const workflow = await this.db.run(tenant_id, () => this.definitions.findByName(order.workflow));
    if (!workflow) throw unknown(order);
    const key = keyOf(call, workflow.id, order);
    const { version = null } = order;
    const { from, held } = await this.definitions.startingPoint(tenant_id, workflow.id, version, initiator, key);
    if (held?.execution && held.body_hash === key.body_hash) return startedOf(held.execution);
    if (!from) throw unknown(order);
    checkInput(order, from);
    const caller = await this.callerOf(call);
    const permit = await this.admit(call, workflow.id, from);
    const giveBack = (): Promise<void> => this.guard.report(tenant_id, permit, 'ignored');
    const made = { workflow_id: workflow.id, from, order, caller };
    const accepted = await this.accept(call, made, permit, key).catch(async (error: unknown) => {
      await giveBack();
      throw error;
    });
    if (accepted.kind !== 'accepted') await giveBack();
    return this.answer(tenant_id, accepted);
  }

  /** @throws CallerError `DEPTH_EXCEEDED`, `CANCELLED` */
  private async callerOf({ ref }: ToolCall): Promise<{ execution: ExecutionEntity; depth: number }> {
    const found = await this.db.run(ref.tenant_id, async () => {
      const execution = await this.executions.get(ref.execution_id);
      const rootId = execution?.root_execution_id ?? null;
      const root = rootId === null ? execution : await this.executions.get(rootId);
      return execution && { execution, depth: (root?.start_depth ?? 0) + execution.depth + 1 };
    });
    if (!found) throw new CallerError('CANCELLED', 'The execution has ended');
    const { maxWorkflowDepth: most } = this.settings;
    if (found.depth <= most) return found;
    const text = `it would be ${String(found.depth)} starts below the first execution; ${String(most)} are the most`;
    throw new CallerError('DEPTH_EXCEEDED', text, { depth: found.depth, max_depth: most });
  }

  private async admit({ ref }: ToolCall, workflowId: string, from: StartingPoint): Promise<Permit> {
    const config = breakerConfigOf(this.settings, from.tenant_breaker, from.circuit_breaker);
    const seconds = from.limits?.timeout_seconds ?? this.settings.workflowTimeoutSeconds;
    const admission = await this.guard.acquire(
      ref.tenant_id,
      [{ key: `workflow:${workflowId}`, mode: 'count', config }],
      {
        level: 1,
        lease_ms: seconds * 1000,
      },
    );
    if (admission.admitted) return admission.permit;
    throw new NotNowError(
      'CIRCUIT_OPEN',
      `the breaker of this workflow is ${admission.state}`,
      admission.retry_after_ms,
    );
  }

  private accept(
    call: ToolCall,
    made: {
      workflow_id: string;
      from: StartingPoint;
      order: StartOrder;
      caller: { execution: ExecutionEntity; depth: number };
    },
    permit: Permit,
    idempotency: StartKey,
  ): Promise<Accepted> {
    const { tenant_id, execution_id, initiator, traceparent } = call.ref;
    const { from, caller, order, workflow_id } = made;
    const id = randomUUID();
    return this.executions.accept(
      tenant_id,
      {
        ...{ id, workflow_id, workflow_version: from.version, input_data: storableJson(order.input), initiator },
        temporal_workflow_id: executionWorkflowId(tenant_id, id),
        initiator_level: levelOf(call, from.grant),
        initiator_roles: caller.execution.initiator_roles,
        correlation_id: caller.execution.correlation_id,
        breaker_permit: permit.links.length > 0 ? permit : null,
        traceparent: traceparent ?? null,
        started_by: { execution_id, depth: caller.depth },
      },
      { defaultLimit: this.settings.maxConcurrentWorkflows, idempotency },
    );
  }

  private async answer(tenantId: string, accepted: Accepted): Promise<StartedExecution> {
    if (accepted.kind === 'key_reused')
      throw new CallerError('IDEMPOTENCY_KEY_REUSED', 'this visit has started another execution');
    if (accepted.kind === 'quota_exceeded')
      throw new NotNowError('QUOTA_EXCEEDED', 'as many executions as allowed are under way', 5_000);
    if (accepted.kind === 'accepted') {
      this.hint(tenantId, accepted.execution_id);
      return startedOf(accepted.execution);
    }
    const row = await this.db.run(tenantId, () => this.executions.get(accepted.execution_id));
    if (!row) throw new CallerError('CANCELLED', 'what this visit started is gone');
    return startedOf(row);
  }

  /** One that is lost costs the delay of the sweep. */
  private hint(tenant_id: string, execution_id: string): void {
    this.redis
      .lpush(DISPATCH_HINTS, JSON.stringify({ kind: 'start', tenant_id, execution_id }))
      .catch((err: unknown) => {
        this.logger.warn({ err, msg: 'a hint was lost', execution_id });
      });
  }
}

const startedOf = ({ id, workflow_id, workflow_version }: ExecutionEntity): StartedExecution => ({
  ...{ execution_id: id, workflow_id, version: workflow_version },
});

const unknown = ({ workflow, version }: StartOrder): CallerError =>
  new CallerError(
    'UNKNOWN_WORKFLOW',
    `there is no workflow ${workflow}${version === undefined ? '' : ` of version ${String(version)}`}`,
  );

/** No caller can send this scope: the effect key is only this visit's. */
const keyOf = ({ ref, node, visit }: ToolCall, workflowId: string, order: StartOrder): StartKey => ({
  scope: 'workflow_start',
  key: effectKey(ref.execution_id, node, visit),
  body_hash: sha256Hex(
    canonicalJson({ workflow_id: workflowId, version: order.version ?? null, input: storableJson(order.input) }),
  ),
});

/** What the caller may now, and the starter still. */
const levelOf = (call: ToolCall, grant: PrivilegeLevel | null): PrivilegeLevel =>
  effectiveLevel({
    token: call.initiator_level,
    ...(grant === null ? {} : { grant }),
    ...(call.privilege_ceiling === undefined ? {} : { ceiling: call.privilege_ceiling }),
    ...(call.agent === undefined ? {} : { agent: call.agent.privilege_level }),
    cap: call.max_privilege_level,
  });

function checkInput({ workflow, input }: StartOrder, from: StartingPoint): void {
  const issues = from.input ? compileSchema(from.input).check(input) : [];
  if (issues.length === 0) return;
  const fields = issues.slice(0, 20).map(({ pointer, message }) => ({ field: `input${pointer}`, error: message }));
  throw new CallerError('INVALID_INPUT', `${workflow} does not take this input`, { fields });
}
