import { executionLogChannel, type ExecutionEvent, type Json, type JsonObject } from '@aumos/agf-domain';
import type { ExecutionRef, StepRecord, VisitRecord } from '@aumos/agf-engine/common';
import {
  ExecutionLogRepository,
  StepsRepository,
  TenantDb,
  type Visit,
  VisitsRepository,
} from '@aumos/agf-persistence';
import { Injectable } from '@nestjs/common';
import { Redis } from 'ioredis';
import { endedVisits } from './ended-visits.js';

/** Followers of a busy execution are told so often, ms. */
const ANNOUNCE_MS = 20;

/** An output that followers get with the event; a larger one is read from the visit. */
const OUTPUT_CHARACTERS = 8_192;

/** The journal as followers see it: what changes in a transaction is told with its commit. Needs an open tenant scope. */
@Injectable()
export class ExecutionLog {
  /** executions whose followers are about to be told */
  private readonly announced = new Set<string>();

  constructor(
    private readonly db: TenantDb,
    private readonly log: ExecutionLogRepository,
    private readonly visits: VisitsRepository,
    private readonly steps: StepsRepository,
    private readonly redis: Redis,
  ) {}

  append(
    { tenant_id, execution_id }: Pick<ExecutionRef, 'tenant_id' | 'execution_id'>,
    ...events: ExecutionEvent[]
  ): void {
    if (events.length === 0) return;
    this.log.append(execution_id, events);
    this.db.afterCommit(() => this.publish({ tenant_id, execution_id }));
  }

  /** Something was committed, by another way than {@link append}. Nobody waits for it: followers look by themselves, too. */
  announce(ref: Pick<ExecutionRef, 'tenant_id' | 'execution_id'>): void {
    const { execution_id } = ref;
    if (this.announced.has(execution_id)) return;
    this.announced.add(execution_id);
    const tell = (): void => {
      this.announced.delete(execution_id);
      this.publish(ref).catch((error: unknown) => {
        this.db.onHookError(error);
      });
    };
    setTimeout(tell, ANNOUNCE_MS).unref();
  }

  private publish({ tenant_id, execution_id }: Pick<ExecutionRef, 'tenant_id' | 'execution_id'>): Promise<number> {
    return this.redis.publish(executionLogChannel(tenant_id, execution_id), '');
  }

  /** Visits that ended and steps that were committed inside the workflow; what was recorded before is not told again. */
  async recordEnded(
    ref: ExecutionRef,
    ended: readonly VisitRecord[],
    steps: readonly StepRecord[] = [],
  ): Promise<void> {
    await this.steps.record(ref.execution_id, steps);
    const recorded = await this.visits.recordEnded(endedVisits(ref, ended));
    this.append(ref, ...recorded.map(nodeComplete));
  }
}

type Told = Pick<Visit, 'node' | 'visit' | 'step' | 'item' | 'type' | 'status' | 'output' | 'error'>;

export const nodeComplete = ({ node, visit, step, item, type, status, output, error }: Told): ExecutionEvent => ({
  type: 'node_complete',
  data: {
    node,
    visit,
    step,
    item,
    node_type: type,
    status,
    ...outputOf(output),
    ...(error ? { error: { ...error } } : {}),
  },
});

/** An output as an event carries it. */
export const outputOf = (output: Json): JsonObject =>
  JSON.stringify(output).length <= OUTPUT_CHARACTERS ? { output } : { output_truncated: true };
