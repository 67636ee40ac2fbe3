import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPROVAL_CHANGES } from './approval-changes.js';

export class ApprovalChanges1764471000000 implements MigrationInterface {
  readonly name = 'ApprovalChanges1764471000000';
  readonly statements = APPROVAL_CHANGES;

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of this.statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const name of ['told_changed', 'told_decided', 'told_opened'])
      await runner.query(`drop trigger ${name} on agf_hitl_approvals`);
    await runner.query('drop function agf_approval_told()');
    await runner.query('drop table agf_hitl_approval_changes');
  }
}
