import type { MigrationInterface, QueryRunner } from 'typeorm';
import { EXECUTION_COMMANDS } from './execution-commands.js';

export class ExecutionCommands1764300000000 implements MigrationInterface {
  readonly name = 'ExecutionCommands1764300000000';
  readonly statements = EXECUTION_COMMANDS;

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of this.statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table agf_execution_commands');
    await runner.query(
      'alter table agf_workflow_executions drop column paused, drop column waiting, drop column waiting_mark',
    );
  }
}
