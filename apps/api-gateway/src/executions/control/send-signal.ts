import { randomUUID } from 'node:crypto';
import {
  type Actor,
  ApiError,
  canonicalJson,
  type Json,
  jsonSize,
  type NodeDefinition,
  sha256Hex,
  SIGNAL_LIMITS,
} from '@aumos/agf-domain';
import {
  AuditRepository,
  CommandsRepository,
  DefinitionsRepository,
  type ExecutionEntity,
  ExecutionsRepository,
  IdempotencyRepository,
  TenantDb,
} from '@aumos/agf-persistence';
import { notFound } from '@aumos/agf-platform';
import { Injectable } from '@nestjs/common';
import { DispatchHints } from '../dispatch-hints.js';
import { ownKey } from '../idempotency-key.js';
import { requested } from './requested.js';

export interface SignalRequest {
  actor: Actor;
  execution_id: string;
  name: string;
  payload: Json;
  idempotency_key?: string;
}

const signalOf = (node: NodeDefinition): string | undefined => (node.type === 'wait' ? node.signal : undefined);

/** Writes a signal for an execution's wait nodes; the worker delivers it, once and in its order. */
@Injectable()
export class SendSignal {
  constructor(
    private readonly db: TenantDb,
    private readonly executions: ExecutionsRepository,
    private readonly definitions: DefinitionsRepository,
    private readonly commands: CommandsRepository,
    private readonly keys: IdempotencyRepository,
    private readonly audit: AuditRepository,
    private readonly hints: DispatchHints,
  ) {}

  /**
   * @throws ApiError NOT_FOUND, UNKNOWN_SIGNAL, INVALID_STATE when it has ended, TOO_MANY_SIGNALS, PAYLOAD_TOO_LARGE,
   *   IDEMPOTENCY_KEY_REUSED
   */
  async run(request: SignalRequest): Promise<ExecutionEntity> {
    const { actor, execution_id, name, payload } = request;
    if (jsonSize(payload) > SIGNAL_LIMITS.bytes)
      throw new ApiError('PAYLOAD_TOO_LARGE', 'The payload is too large.', { limit_bytes: SIGNAL_LIMITS.bytes });
    const row = await this.db.run(actor.tenant_id, async () => {
      const execution = await this.executions.get(execution_id);
      if (!execution) throw notFound();
      if (await this.isRepeated(request)) return execution;
      const takers = await this.takersOf(execution, name);
      const noted = requested(await this.commands.signal(execution_id, { name, payload, takers }, actor.sub));
      await this.audit.append({
        actor_id: actor.sub,
        action: 'execution.signal',
        resource_type: 'execution',
        resource_id: execution_id,
        outcome: 'allowed',
        details: { name },
      });
      return noted.execution;
    });
    this.hints.give('command', actor.tenant_id, execution_id);
    return row;
  }

  /** @returns the nodes that take signals @throws ApiError UNKNOWN_SIGNAL when none takes this one */
  private async takersOf({ workflow_id, workflow_version }: ExecutionEntity, name: string): Promise<string[]> {
    const version = await this.definitions.getVersion(workflow_id, workflow_version);
    const takers = (version?.definition.nodes ?? []).filter((node) => signalOf(node) !== undefined);
    if (!takers.some((node) => signalOf(node) === name))
      throw new ApiError('UNKNOWN_SIGNAL', 'No wait node of its version takes this signal.', { signal: name });
    return takers.map(({ id }) => id);
  }

  private async isRepeated({ actor, execution_id, name, payload, idempotency_key }: SignalRequest): Promise<boolean> {
    if (idempotency_key === undefined) return false;
    const claimed = await this.keys.claim({
      scope: `signal:${execution_id}`,
      key: ownKey(actor.sub, idempotency_key),
      body_hash: sha256Hex(canonicalJson({ name, payload })),
      resource_id: randomUUID(),
    });
    if (claimed.kind === 'conflict')
      throw new ApiError('IDEMPOTENCY_KEY_REUSED', 'The Idempotency-Key was used for another signal.');
    return claimed.kind === 'replay';
  }
}
