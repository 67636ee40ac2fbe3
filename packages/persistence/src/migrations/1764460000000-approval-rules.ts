import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPROVAL_RULES } from './approval-rules.js';

export class ApprovalRules1764460000000 implements MigrationInterface {
  readonly name = 'ApprovalRules1764460000000';
  readonly statements = APPROVAL_RULES;

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of this.statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table agf_hitl_notices');
    await runner.query(`alter table agf_hitl_approvals drop column rule, drop column times, drop column workflow_name,
      drop column stage, drop column excluded, drop column extra_approvers, drop column delegations, drop column claimed_by,
      drop column claimed_until, drop column standing_id, drop column reminders, drop column reminded_at,
      drop column unfulfillable_since`);
    await runner.query('alter table agf_hitl_decisions drop column stage, drop column rule, drop column source');
  }
}
