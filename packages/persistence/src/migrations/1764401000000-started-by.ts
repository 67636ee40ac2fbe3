import type { MigrationInterface, QueryRunner } from 'typeorm';
import { STARTED_BY } from './started-by.js';

export class StartedBy1764401000000 implements MigrationInterface {
  readonly name = 'StartedBy1764401000000';
  readonly statements = STARTED_BY;

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of this.statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'alter table agf_workflow_executions drop column started_by_execution_id, drop column start_depth',
    );
  }
}
