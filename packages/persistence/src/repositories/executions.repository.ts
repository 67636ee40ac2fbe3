import {
  type ExecutionError,
  type ExecutionStatus,
  type Json,
  type JsonObject,
  type Permit,
  type PrivilegeLevel,
  type Role,
} from '@aumos/agf-domain';
import { Injectable } from '@nestjs/common';
import { ExecutionEntity, type OriginKind } from '../entities/index.js';
import { jsonb, jsonbReplacing } from '../json/storable.js';
import { TenantDb } from '../tenant/tenant-db.js';
import { findOne } from './find.js';
import {
  type ExecutionsFilter,
  type ExecutionsPage,
  type ExecutionsQuery,
  listExecutions,
  matchingExecutions,
} from './executions.list.js';
import { QuotaRepository } from './quota.repository.js';
import { ACCEPT, ACCEPTED, FINISH, ORIGIN, ORIGIN_AUDIT, SESSION, STARTED_BY } from './executions.sql.js';
import { change, insertOnce } from './write.js';
import { type Statement } from '../tenant/send-transaction.js';

export interface NewExecution {
  id: string;
  workflow_id: string;
  workflow_version: number;
  input_data: Json;
  temporal_workflow_id: string;
  initiator: string;
  initiator_level: PrivilegeLevel;
  initiator_roles: readonly Role[];
  correlation_id: string;
  breaker_permit?: Permit | null;
  traceparent?: string | null;
  /** of an invocation: where its agent remembers */
  session_id?: string;
  /** the execution it is made of; written and audited with it */
  origin?: ExecutionOrigin;
  /** the execution whose tool starts it, and how many such starts lead down to it */
  started_by?: { execution_id: string; depth: number };
}
/** Of what an execution is made, and where it begins. */
export interface ExecutionOrigin {
  kind: OriginKind;
  execution_id: string;
  /** absent: at the start */
  at?: { step: number; node: string | null; visit: number | null };
  /** channels that get other values */
  state?: JsonObject;
}
/** An execution below another one. */
export interface NewChild extends NewExecution {
  parent_execution_id: string;
  root_execution_id: string;
  parent_node: string;
  parent_visit: number;
  /** of the visit; default 1 */
  parent_attempt?: number;
  /** executions above it */
  depth: number;
  privilege_ceiling: PrivilegeLevel;
}
export interface StartConditions {
  /** slots of a tenant that has no limit of its own */
  defaultLimit: number;
  /** the caller's `Idempotency-Key`, if it sent one */
  idempotency?: { scope: string; key: string; body_hash: string; ttl_seconds?: number };
}
export type Accepted =
  | { kind: 'accepted'; execution_id: string; execution: ExecutionEntity }
  /** the key was used for the same body: what it made then */
  | { kind: 'replay'; execution_id: string }
  /** the key was used for another body */
  | { kind: 'key_reused' }
  | { kind: 'quota_exceeded' };

/** What is told of an execution when it has ended. */
export type EndedExecution = Pick<ExecutionEntity, 'breaker_permit' | 'created_at' | 'started_at'> & {
  completed_at: Date;
};

/** The rows of executions. Every method but `accept` needs an open tenant scope; every change is a conditional update. */
@Injectable()
export class ExecutionsRepository {
  private readonly quota: QuotaRepository;

  constructor(private readonly db: TenantDb) {
    this.quota = new QuotaRepository(db);
  }

  /**
   * Idempotency key, quota slot and the pending row, as a transaction of its own in one trip: all starts of a tenant wait
   * for the slots' row. Nothing is written unless `accepted`.
   */
  async accept(tenantId: string, execution: NewExecution, conditions: StartConditions): Promise<Accepted> {
    const { input_data, origin, session_id, started_by, ...row } = execution;
    const values = [
      jsonb({ ...row, tenant_id: tenantId }),
      jsonb(input_data),
      conditions.idempotency ? jsonb(conditions.idempotency) : null,
      conditions.defaultLimit,
    ];
    const answered = await this.db.send(tenantId, [
      { name: 'agf_accept', text: ACCEPT, values },
      ...(session_id === undefined ? [] : [{ name: 'agf_session', text: SESSION, values: [execution.id, session_id] }]),
      ...(origin ? originOf(execution.id, origin) : []),
      ...(started_by ? [startedBy(execution.id, started_by)] : []),
      { name: 'agf_accepted', text: ACCEPTED, values: [execution.id] },
    ]);
    const [answers, rows] = [answered[0], answered.at(-1)];
    const { outcome, execution_id } = answers![0] as { outcome: Accepted['kind']; execution_id: string };
    if (outcome === 'accepted') return { kind: outcome, execution_id, execution: rows![0] as ExecutionEntity };
    return outcome === 'replay' ? { kind: outcome, execution_id } : { kind: outcome };
  }

  /**
   * The pending row of a child; it holds no slot.
   * @returns false when the visit has its child: whoever wrote that holds the permit
   */
  async insertChild(child: NewChild): Promise<boolean> {
    const { input_data, breaker_permit = null, traceparent = null, initiator_roles, ...row } = child;
    return insertOnce(this.db.em, ExecutionEntity, {
      ...row,
      tenant_id: this.db.tenantId,
      // Null is a value here: as a column's it would be none.
      input_data: input_data ?? (() => `'null'::jsonb`),
      initiator_roles: [...initiator_roles],
      breaker_permit,
      traceparent,
      status: 'pending',
      open_approvals: 0,
      holds_slot: false,
    });
  }

  async get(id: string): Promise<ExecutionEntity | null> {
    return findOne(this.db.em, ExecutionEntity, { id });
  }

  /** Newest first unless asked otherwise. @throws ApiError VALIDATION_ERROR for a cursor that is not ours */
  async list(query: ExecutionsQuery = {}): Promise<ExecutionsPage> {
    return listExecutions(this.db.em, query);
  }

  /** Those that the filters show and that have one of these statuses: how many, and at most so many ids, oldest first. */
  async matching(
    query: ExecutionsFilter,
    statuses: readonly ExecutionStatus[],
    most: number,
  ): Promise<{ total: number; ids: string[] }> {
    return matchingExecutions(this.db.em, query, statuses, most);
  }

  /** The dispatcher has handed it to Temporal. */
  async markDispatched(id: string): Promise<boolean> {
    return change(this.db.em, ExecutionEntity, id, { dispatched_at: () => 'clock_timestamp()' }, `status = 'pending'`);
  }

  /** pending → running; false when it is not pending. */
  async markRunning(id: string): Promise<boolean> {
    return change(
      this.db.em,
      ExecutionEntity,
      id,
      { status: 'running', started_at: () => 'clock_timestamp()' },
      `status = 'pending'`,
    );
  }

  /** False when it has ended. */
  async setCurrentNode(id: string, node: string): Promise<boolean> {
    return change(this.db.em, ExecutionEntity, id, { current_node: node }, `status in ('running', 'paused_hitl')`);
  }

  /**
   * pending, running or paused → ended, and its slot given back if it held one.
   * @returns null when another call did it: whoever did writes the event
   */
  async finish(
    id: string,
    end: {
      status: Extract<ExecutionStatus, 'completed' | 'failed' | 'cancelled'>;
      output?: Json;
      error?: ExecutionError | null;
    },
  ): Promise<EndedExecution | null> {
    const output = end.status === 'completed' ? jsonbReplacing(end.output) : null;
    const error = end.error ? jsonbReplacing(end.error) : null;
    const [ended] = await this.db.em.query<(EndedExecution & { held_slot: boolean })[]>(FINISH, [
      id,
      end.status,
      output,
      error,
    ]);
    if (!ended) return null;
    const { held_slot, ...execution } = ended;
    if (held_slot) this.quota.releaseSlot();
    return execution;
  }

  /**
   * Notes who wants it to end; the first one counts.
   * @returns the status found, whether this call was the first; null when there is no such execution
   */
  async requestCancel(id: string, actor: string): Promise<{ status: ExecutionStatus; first: boolean } | null> {
    const first = await change(
      this.db.em,
      ExecutionEntity,
      id,
      { cancel_requested_at: () => 'clock_timestamp()', cancel_requested_by: actor },
      `cancel_requested_at is null and status in ('pending', 'running', 'paused_hitl')`,
    );
    const row = await this.get(id);
    return row && { status: row.status, first };
  }

  /** Temporal has been told, or there was nothing left to tell. */
  async markCancelDelivered(id: string): Promise<boolean> {
    return change(
      this.db.em,
      ExecutionEntity,
      id,
      { cancel_delivered_at: () => 'clock_timestamp()' },
      'cancel_requested_at is not null and cancel_delivered_at is null',
    );
  }
}

function originOf(id: string, { kind, execution_id, at, state }: ExecutionOrigin): Statement[] {
  const columns = {
    origin_kind: kind,
    origin_execution_id: execution_id,
    origin_node: at?.node ?? null,
    origin_visit: at?.visit ?? null,
    origin_step: at?.step ?? null,
    origin_state: state ?? null,
  };
  return [
    { text: ORIGIN, values: [id, jsonb(columns)] },
    { text: ORIGIN_AUDIT, values: [id] },
  ];
}

const startedBy = (id: string, by: { execution_id: string; depth: number }): Statement => ({
  name: 'agf_started_by',
  text: STARTED_BY,
  values: [id, by.execution_id, by.depth],
});
