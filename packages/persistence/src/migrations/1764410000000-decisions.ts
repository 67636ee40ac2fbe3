import type { MigrationInterface, QueryRunner } from 'typeorm';
import { DECISIONS_BEYOND } from './decisions.js';

export class Decisions1764410000000 implements MigrationInterface {
  readonly name = 'Decisions1764410000000';
  readonly statements = DECISIONS_BEYOND;

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of this.statements) await runner.query(statement);
  }

  /** What was edited or answered stays: the checks are not narrowed again. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table agf_hitl_approvals drop column allowed_decisions, drop column input_schema,
      drop column output_schema, drop column edited_by, drop column replaces, drop column given`);
  }
}
