import {
  type Admission,
  AUDITED_FROM,
  canonicalJson,
  type ExecutionError,
  type JsonObject,
  sha256Hex,
  storableJson,
} from '@aumos/agf-domain';
import { childError, type ChildCall, type ChildOpening } from '@aumos/agf-engine/common';
import { AuditRepository, TenantDb, TracesRepository } from '@aumos/agf-persistence';
import { Injectable } from '@nestjs/common';

/** Why a child was not started, in audit and traces. */
@Injectable()
export class NoteChild {
  constructor(
    private readonly db: TenantDb,
    private readonly audit: AuditRepository,
    private readonly traces: TracesRepository,
  ) {}

  async denied(call: ChildCall, error: ExecutionError): Promise<ChildOpening> {
    const { code, message, details } = error;
    await this.db.run(call.ref.tenant_id, async () => {
      await this.audited(call, 'denied', { code, ...details });
      await this.trace(call, 'privilege', call.workflow, { code, message, ...details });
    });
    return { kind: 'failed', error };
  }

  async refused(call: ChildCall, refusal: Extract<Admission, { admitted: false }>): Promise<ChildOpening> {
    const { key, state, retry_after_ms } = refusal;
    const seen = { state, retry_after_ms };
    await this.db.run(call.ref.tenant_id, () => this.trace(call, 'breaker', key, seen));
    const error = childError(call, 'CIRCUIT_OPEN', `breaker ${key} is ${state}`, { circuit_key: key, ...seen });
    return { kind: 'refused', error: { ...error, attempts: 0 }, key, retry_after_ms };
  }

  /** Nobody had to be asked about it. Needs an open tenant scope. */
  async unasked(call: ChildCall): Promise<void> {
    if (call.need < AUDITED_FROM) return;
    await this.audited(call, 'allowed', { input_hash: sha256Hex(canonicalJson(storableJson(call.input))) });
  }

  /** Needs an open tenant scope. */
  async audited(call: ChildCall, outcome: 'allowed' | 'denied', details: JsonObject): Promise<void> {
    const { ref, node, visit, workflow, need } = call;
    await this.audit.append({
      actor_id: ref.initiator,
      action: 'workflow.call',
      resource_type: 'execution',
      resource_id: ref.execution_id,
      outcome,
      details: { workflow, node, visit, level: need, ...details },
    });
  }

  private async trace(
    { ref, node, visit }: ChildCall,
    kind: 'breaker' | 'privilege',
    name: string,
    attributes: JsonObject,
  ): Promise<void> {
    const { execution_id, traceparent = null } = ref;
    await this.traces.add({ execution_id, node, visit, kind, name, attributes, started_at: new Date(), traceparent });
  }
}
