import type { PartlyDecided, PresentPeople } from '@aumos/agf-domain';
import { Injectable } from '@nestjs/common';
import { In, type SelectQueryBuilder } from 'typeorm';
import {
  ApprovalDecisionEntity,
  ApprovalEntity,
  ApproverGroupEntity,
  MemberEntity,
  PeopleChangeEntity,
  TenantEntity,
} from '../entities/index.js';
import { TenantDb } from '../tenant/tenant-db.js';
import { findAll, getOne } from './find.js';
import { change } from './write.js';

/** A pending approval as it is to be judged. */
export interface JudgedApproval {
  row: ApprovalEntity;
  asked: PartlyDecided;
}

/** What may have made approvals unfulfillable, and who is there. Every method needs an open tenant scope. */
@Injectable()
export class PeopleChangesRepository {
  constructor(private readonly db: TenantDb) {}

  /** Oldest first. */
  async marks(limit: number): Promise<PeopleChangeEntity[]> {
    return this.db.em.find(PeopleChangeEntity, { order: { created_at: 'ASC', id: 'ASC' }, take: limit });
  }

  /** They are judged. */
  async settle(ids: readonly string[]): Promise<void> {
    await this.db.em.delete(PeopleChangeEntity, { id: In(ids) });
  }

  async people(): Promise<PresentPeople> {
    const { em } = this.db;
    const members = await findAll(em, MemberEntity, {}, { sub: 'ASC' });
    const groups = await findAll(em, ApproverGroupEntity, {}, { name: 'ASC' });
    return { members, groups, complete: await em.existsBy(TenantEntity, { members_complete: true }) };
  }

  /** The pending ones after this id, in the order of their ids. */
  async pendingAfter(after: string, limit: number): Promise<JudgedApproval[]> {
    const found = this.pendingOnes().andWhere('a.id > :after', { after });
    return this.judged(await found.orderBy('a.id', 'ASC').limit(limit).getMany());
  }

  /** Those of these that are pending. */
  async pending(ids: readonly string[]): Promise<JudgedApproval[]> {
    return this.judged(await this.pendingOnes().andWhere('a.id = any(:ids::uuid[])', { ids }).getMany());
  }

  /** @returns since when, where this call found it so; null: it was so before, or is not pending */
  async becameUnfulfillable(id: string): Promise<Date | null> {
    const set = { unfulfillable_since: () => 'clock_timestamp()' };
    const condition = `status = 'pending' and unfulfillable_since is null`;
    const isNew = await change(this.db.em, ApprovalEntity, id, set, condition);
    return isNew ? (await getOne(this.db.em, ApprovalEntity, { id })).unfulfillable_since : null;
  }

  /** @returns whether this call found it so */
  async becameFulfillable(id: string): Promise<boolean> {
    const set = { unfulfillable_since: null };
    return change(this.db.em, ApprovalEntity, id, set, `status = 'pending' and unfulfillable_since is not null`);
  }

  private pendingOnes(): SelectQueryBuilder<ApprovalEntity> {
    return this.db.em.createQueryBuilder(ApprovalEntity, 'a').where(`a.status = 'pending'`);
  }

  private async judged(rows: ApprovalEntity[]): Promise<JudgedApproval[]> {
    const votes = new Map<string, ApprovalDecisionEntity[]>(rows.map(({ id }) => [id, []]));
    const where = { approval_id: In([...votes.keys()]) };
    for (const vote of rows.length === 0 ? [] : await this.db.em.find(ApprovalDecisionEntity, { where }))
      votes.get(vote.approval_id)!.push(vote);
    return rows.map((row) => ({ row, asked: { ...row, votes: votes.get(row.id)! } }));
  }
}
