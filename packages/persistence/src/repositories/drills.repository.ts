import { type BreakerKey, type DrillReport } from '@aumos/agf-domain';
import { Injectable } from '@nestjs/common';
import { IsNull, MoreThanOrEqual } from 'typeorm';
import { BreakerTransitionEntity, DrillEntity, ExecutionEntity, TraceEntity } from '../entities/index.js';
import { TenantDb } from '../tenant/tenant-db.js';
import { findOne, findPage } from './find.js';
import { direction, type Page, type PageQuery } from './page.js';
import { change, insertOnce } from './write.js';

export interface NewDrill {
  id: string;
  tool: string;
  /** that the tool fails */
  seconds: number;
  /** that the recovery is watched after that, at most */
  recovery_seconds: number;
  started_by: string;
}

/** What the traces have of a drill. */
export interface DrilledCalls {
  /** calls that the tool's breaker refused while it ran */
  refused: number;
  /** by status, the executions of which a call failed by it or was refused */
  executions: Partial<Record<ExecutionEntity['status'], number>>;
}

const RUNNING = 'completed_at is null';
const FAILING = `${RUNNING} and fault_ends_at > clock_timestamp()`;

const after = (seconds: number) => (): string => `clock_timestamp() + make_interval(secs => ${String(seconds)})`;

/** Tools that are made to fail for a while. Every method needs an open tenant scope; the clock is the database's. */
@Injectable()
export class DrillsRepository {
  constructor(private readonly db: TenantDb) {}

  /** @returns null while another one of the tool is under way */
  async start(drill: NewDrill): Promise<DrillEntity | null> {
    const row = {
      ...drill,
      tenant_id: this.db.tenantId,
      fault_ends_at: after(drill.seconds),
      ends_at: after(drill.seconds + drill.recovery_seconds),
    };
    return (await insertOnce(this.db.em, DrillEntity, row)) ? this.get(drill.id) : null;
  }

  async get(id: string): Promise<DrillEntity | null> {
    return findOne(this.db.em, DrillEntity, { id });
  }

  /** Newest first, unless asked otherwise. */
  async list(query: PageQuery = {}): Promise<Page<DrillEntity>> {
    const order = direction(query);
    return findPage(this.db.em, DrillEntity, {}, { created_at: order, id: order }, query);
  }

  async running(): Promise<DrillEntity[]> {
    return this.db.em.find(DrillEntity, { where: { completed_at: IsNull() }, order: { created_at: 'ASC' } });
  }

  /** A call has got as far as the tool. @returns the drill that makes it fail, which has counted it; else null */
  async strike(tool: string): Promise<string | null> {
    const update = this.db.em
      .createQueryBuilder()
      .update(DrillEntity)
      .set({
        calls_failed: () => 'calls_failed + 1',
        first_failed_at: () => 'coalesce(first_failed_at, clock_timestamp())',
      });
    const struck = await update.where(`tool = :tool and ${FAILING}`, { tool }).returning('id').execute();
    return (struck.raw as { id: string }[])[0]?.id ?? null;
  }

  /** @returns false when another one has completed it before */
  async complete(id: string, report: DrillReport): Promise<boolean> {
    return change(this.db.em, DrillEntity, id, { completed_at: () => 'clock_timestamp()', report }, RUNNING);
  }

  /** What breakers of the tenant did since it began, in its order. */
  async transitions({ created_at }: Pick<DrillEntity, 'created_at'>): Promise<BreakerTransitionEntity[]> {
    return this.db.em.find(BreakerTransitionEntity, {
      where: { at: MoreThanOrEqual(created_at) },
      order: { position: 'ASC' },
    });
  }

  async calls({ id, tool, created_at }: DrillEntity): Promise<DrilledCalls> {
    const key: BreakerKey = `tool:${tool}`;
    // A tool that takes a URL has a breaker for each host.
    const isRefusal = `kind = 'breaker' and (name = :key or starts_with(name, :key || '.'))`;
    const ofIt = `started_at >= :created_at and ((${isRefusal})
      or (kind = 'tool' and name = :tool and attributes->>'drill_id' = :id))`;
    const parameters = { id, tool, key, created_at };
    const refused = await this.db.em
      .createQueryBuilder(TraceEntity, 'trace')
      .where(`started_at >= :created_at and ${isRefusal}`, parameters)
      .getCount();
    const met = this.db.em.createQueryBuilder(TraceEntity, 'trace').select('trace.execution_id').where(ofIt).getQuery();
    const rows = await this.db.em
      .createQueryBuilder(ExecutionEntity, 'execution')
      .select('execution.status', 'status')
      .addSelect('count(*)::int', 'executions')
      .where(`execution.id in (${met})`, parameters)
      .groupBy('execution.status')
      .getRawMany<{ status: ExecutionEntity['status']; executions: number }>();
    return { refused, executions: Object.fromEntries(rows.map(({ status, executions }) => [status, executions])) };
  }
}
