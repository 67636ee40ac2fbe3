import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPROVAL_INBOX } from './approval-inbox.js';

export class ApprovalInbox1764466000000 implements MigrationInterface {
  readonly name = 'ApprovalInbox1764466000000';
  readonly statements = APPROVAL_INBOX;

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of this.statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'alter table agf_hitl_approvals drop column asked_key, drop column kept_out, drop column left_to, drop column voters',
    );
    await runner.query('drop index agf_hitl_approvals_expiring');
    await runner.query('drop index agf_hitl_approvals_by_level');
    await runner.query('drop function agf_kept_out(text, text[], text[], text[], jsonb, int)');
    await runner.query('drop function agf_left_to(jsonb, int)');
    await runner.query('drop function agf_asked(jsonb, int, text[])');
    await runner.query('drop function agf_person(text)');
  }
}
