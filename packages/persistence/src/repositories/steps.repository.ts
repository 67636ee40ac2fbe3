import { Injectable } from '@nestjs/common';
import { Between } from 'typeorm';
import { StepEntity } from '../entities/index.js';
import { jsonbReplacing } from '../json/storable.js';
import { TenantDb } from '../tenant/tenant-db.js';
import { findOne, findPage } from './find.js';
import { direction, type Page, type PageQuery } from './page.js';
import { ENDS_OF_STEPS, LAST_WITH_VISIT, RECORD_STEPS } from './steps.sql.js';

/** A step's row, without what every row has. */
export type Step = Pick<StepEntity, 'step' | 'due' | 'joins' | 'ended' | 'writes' | 'base' | 'created_at'>;
export type NewStep = Omit<Step, 'base' | 'created_at'> & { base?: Step['base'] };

/** What each step of an execution began with. Every method needs an open tenant scope. */
@Injectable()
export class StepsRepository {
  constructor(private readonly db: TenantDb) {}

  /** Those that are there already stay as they are. What cannot be stored of a value is replaced. */
  async record(executionId: string, steps: readonly NewStep[]): Promise<void> {
    if (steps.length === 0) return;
    await this.db.em.query(RECORD_STEPS, [this.db.tenantId, executionId, jsonbReplacing(steps)]);
  }

  async find(executionId: string, step: number): Promise<Step | null> {
    return findOne(this.db.em, StepEntity, { execution_id: executionId, step });
  }

  /** After `after` and up to `upTo`, in their order, at most so many: the next ones are after the last of them. */
  async between(executionId: string, { after, upTo }: { after: number; upTo: number }, most: number): Promise<Step[]> {
    return this.db.em.find(StepEntity, {
      where: { execution_id: executionId, step: Between(after + 1, upTo) },
      order: { step: 'ASC' },
      take: most,
    });
  }

  /** In their order, unless asked otherwise. */
  async page(executionId: string, query: PageQuery = {}): Promise<Page<Step>> {
    const order = direction({ sort_order: 'asc', ...query });
    return findPage(this.db.em, StepEntity, { execution_id: executionId }, { step: order }, query);
  }

  async isEmpty(executionId: string): Promise<boolean> {
    return !(await this.db.em.exists(StepEntity, { where: { execution_id: executionId } }));
  }

  /** The last step in which a visit began: any; of the node; this visit of the node. */
  async lastWithVisit(executionId: string, node?: string, visit?: number): Promise<Pick<Step, 'step' | 'due'> | null> {
    const values = [executionId, node ?? null, visit ?? null];
    const [row] = await this.db.em.query<Pick<Step, 'step' | 'due'>[]>(LAST_WITH_VISIT, values);
    return row ?? null;
  }

  /** When each of these steps ended, by the visits' own records. */
  async endsOf(executionId: string, steps: readonly number[]): Promise<ReadonlyMap<number, Date>> {
    if (steps.length === 0) return new Map();
    const rows = await this.db.em.query<{ step: number; ended_at: Date }[]>(ENDS_OF_STEPS, [executionId, steps]);
    return new Map(rows.map(({ step, ended_at }) => [step, ended_at]));
  }
}
