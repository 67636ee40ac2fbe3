import { randomUUID } from 'node:crypto';
import {
  type Actor,
  ApiError,
  canonicalJson,
  effectiveLevel,
  executionWorkflowId,
  type Json,
  type Permit,
  type PrivilegeLevel,
  sha256Hex,
} from '@aumos/agf-domain';
import {
  type Accepted,
  DefinitionsRepository,
  type ExecutionEntity,
  type ExecutionOrigin,
  ExecutionsRepository,
  type HeldStart,
  type StartConditions,
  type StartingPoint,
  TenantDb,
} from '@aumos/agf-persistence';
import { breakerConfigOf, currentTraceparent, notFound, SETTINGS } from '@aumos/agf-platform';
import { BreakerGuard } from '@aumos/agf-resilience';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { GatewaySettings } from '../config.js';
import { checkInput } from './check-input.js';
import { DispatchHints } from './dispatch-hints.js';
import { ownKey } from './idempotency-key.js';

export interface StartRequest {
  actor: Actor;
  workflow_id: string;
  /** absent: the newest */
  version?: number;
  input: Json;
  idempotency_key?: string;
  correlation_id: string;
  /** of what the Idempotency-Key is, and the body that it stands for; default: the workflow, its input and version */
  asked?: { scope: string; body: Json };
  /** the member of the body that has the input; default `input_data` */
  input_member?: string;
  /** where its agent remembers; null: in a session of the execution's own */
  session_id?: string | null;
  /** of an execution that is made of another one: where it begins; asked for only where the key is new */
  origin?: () => Promise<ExecutionOrigin>;
}

type StartKey = NonNullable<StartConditions['idempotency']>;

/** The key is the caller's own, for this workflow; the members' order is not another body. */
function keyOf({ actor, workflow_id, version, input, idempotency_key, asked }: StartRequest): StartKey | undefined {
  if (idempotency_key === undefined) return undefined;
  const { scope, body } = asked ?? {
    scope: `execute:${workflow_id}`,
    body: { input_data: input, version: version ?? null },
  };
  return { scope, key: ownKey(actor.sub, idempotency_key), body_hash: sha256Hex(canonicalJson(body)) };
}

const keyReused = (): ApiError =>
  new ApiError('IDEMPOTENCY_KEY_REUSED', 'The Idempotency-Key was used for another body.');

/** @throws ApiError IDEMPOTENCY_KEY_REUSED */
function repeated({ body_hash, execution }: HeldStart, key: StartKey | undefined): ExecutionEntity {
  if (body_hash !== key?.body_hash) throw keyReused();
  if (!execution) throw notFound();
  return execution;
}

/** Accepts a start: key, slot and pending row in one transaction. The worker takes it from there. */
@Injectable()
export class StartExecution {
  private readonly log = new Logger(StartExecution.name);

  constructor(
    private readonly db: TenantDb,
    private readonly definitions: DefinitionsRepository,
    private readonly executions: ExecutionsRepository,
    private readonly guard: BreakerGuard,
    private readonly hints: DispatchHints,
    @Inject(SETTINGS) private readonly settings: GatewaySettings,
  ) {}

  /** @throws ApiError NOT_FOUND, VALIDATION_ERROR, CIRCUIT_OPEN, QUOTA_EXCEEDED, IDEMPOTENCY_KEY_REUSED */
  async run(request: StartRequest): Promise<ExecutionEntity> {
    const { tenant_id, sub } = request.actor;
    const { workflow_id, version: asked = null } = request;
    const key = keyOf(request);
    const { from, held } = await this.definitions.startingPoint(tenant_id, workflow_id, asked, sub, key);
    // What was accepted stays accepted: whatever has changed since, a repetition asks for nothing new.
    if (held) return repeated(held, key);
    if (!from) throw notFound();
    checkInput(from.content_hash, from.input ?? undefined, request.input, request.input_member);
    const origin = await request.origin?.();
    const permit = await this.admit(tenant_id, workflow_id, from);
    const accepted = await this.accept(request, { ...from, origin }, permit, key).catch(async (error: unknown) => {
      await this.guard.report(tenant_id, permit, 'ignored');
      throw error;
    });
    if (accepted.kind !== 'accepted') await this.guard.report(tenant_id, permit, 'ignored');
    return this.answer(tenant_id, accepted);
  }

  /** A start takes a permit of the workflow's breaker; the worker hands it back with the outcome. */
  private async admit(tenantId: string, workflowId: string, from: StartingPoint): Promise<Permit> {
    const config = breakerConfigOf(this.settings, from.tenant_breaker, from.circuit_breaker);
    const seconds = from.limits?.timeout_seconds ?? this.settings.workflowTimeoutSeconds;
    const admission = await this.guard.acquire(tenantId, [{ key: `workflow:${workflowId}`, mode: 'count', config }], {
      level: 1,
      lease_ms: seconds * 1000,
    });
    if (admission.admitted) return admission.permit;
    throw new ApiError('CIRCUIT_OPEN', `The breaker of this workflow is ${admission.state}.`, {
      circuit_key: admission.key,
      retry_after_seconds: Math.max(1, Math.ceil(admission.retry_after_ms / 1000)),
    });
  }

  private async accept(
    { actor, workflow_id, input, correlation_id, session_id }: StartRequest,
    { version, grant, origin }: StartingPoint & { origin: ExecutionOrigin | undefined },
    permit: Permit,
    idempotency: StartKey | undefined,
  ): Promise<Accepted> {
    const id = randomUUID();
    return this.executions.accept(
      actor.tenant_id,
      {
        id,
        workflow_id,
        workflow_version: version,
        input_data: input,
        temporal_workflow_id: executionWorkflowId(actor.tenant_id, id),
        initiator: actor.sub,
        initiator_level: effectiveLevel({
          token: actor.privilege_level,
          ...(grant === null ? {} : { grant }),
          cap: this.settings.agentMaxPrivilegeLevel as PrivilegeLevel,
        }),
        initiator_roles: actor.roles,
        correlation_id,
        breaker_permit: permit.links.length > 0 ? permit : null,
        traceparent: currentTraceparent() ?? null,
        ...(session_id === undefined ? {} : { session_id: session_id ?? id }),
        ...(origin ? { origin } : {}),
      },
      { defaultLimit: this.settings.maxConcurrentWorkflows, ...(idempotency ? { idempotency } : {}) },
    );
  }

  private async answer(tenantId: string, accepted: Accepted): Promise<ExecutionEntity> {
    if (accepted.kind === 'key_reused') throw keyReused();
    if (accepted.kind === 'quota_exceeded')
      throw new ApiError('QUOTA_EXCEEDED', 'As many executions as allowed are under way.', { retry_after_seconds: 5 });
    if (accepted.kind === 'accepted') {
      const { execution_id, execution } = accepted;
      this.hints.give('start', tenantId, execution_id);
      this.log.log({ msg: 'execution accepted', execution_id });
      return execution;
    }
    const row = await this.db.run(tenantId, () => this.executions.get(accepted.execution_id));
    if (!row) throw notFound();
    return row;
  }
}
