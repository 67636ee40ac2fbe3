import type { MigrationInterface, QueryRunner } from 'typeorm';
import { DECIDERS } from './deciders.js';

export class Deciders1764462000000 implements MigrationInterface {
  readonly name = 'Deciders1764462000000';
  readonly statements = DECIDERS;

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of this.statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index agf_hitl_approvals_by_standing');
    await runner.query('alter table agf_hitl_approvals drop constraint agf_hitl_approvals_standing');
    await runner.query('drop table agf_standing_approvals, agf_hitl_comments, agf_approver_groups');
  }
}
