import type { MigrationInterface, QueryRunner } from 'typeorm';
import { CHECKPOINTS } from './checkpoints.js';

export class Checkpoints1764320000000 implements MigrationInterface {
  readonly name = 'Checkpoints1764320000000';
  readonly statements = CHECKPOINTS;

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of this.statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table agf_execution_steps');
    await runner.query(`alter table agf_workflow_executions drop column origin_kind, drop column origin_execution_id,
      drop column origin_node, drop column origin_visit, drop column origin_step, drop column origin_state`);
  }
}
