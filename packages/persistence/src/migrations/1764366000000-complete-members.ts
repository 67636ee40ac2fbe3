import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whether a tenant's list of members is all of them: what nobody of it can fulfil, nobody can. */
export class CompleteMembers1764366000000 implements MigrationInterface {
  readonly name = 'CompleteMembers1764366000000';
  readonly statements = [`alter table agf_tenants add column members_complete boolean not null default false`];

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of this.statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table agf_tenants drop column members_complete');
  }
}
