import type { MigrationInterface, QueryRunner } from 'typeorm';
import { PEOPLE_CHANGES } from './people-changes.js';

export class PeopleChanges1764468000000 implements MigrationInterface {
  readonly name = 'PeopleChanges1764468000000';
  readonly statements = PEOPLE_CHANGES;

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of this.statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop trigger judged_anew on agf_hitl_approvals');
    await runner.query('drop trigger people_changed on agf_tenants');
    await runner.query('drop trigger people_changed on agf_approver_groups');
    await runner.query('drop trigger people_changed_also on agf_members');
    await runner.query('drop trigger people_changed on agf_members');
    await runner.query('drop function agf_approval_changed()');
    await runner.query('drop function agf_people_changed()');
    await runner.query('drop index agf_hitl_approvals_pending_by_id');
    await runner.query('drop table agf_hitl_people_changes');
  }
}
