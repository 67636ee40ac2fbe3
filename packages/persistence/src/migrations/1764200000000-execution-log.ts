import type { MigrationInterface, QueryRunner } from 'typeorm';
import { EXECUTION_LOG } from './execution-log.js';

export class ExecutionLog1764200000000 implements MigrationInterface {
  readonly name = 'ExecutionLog1764200000000';
  readonly statements = EXECUTION_LOG;

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of this.statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop function agf_append_execution_events');
    await runner.query('drop table agf_execution_events');
    await runner.query(`delete from agf_event_versions where aggregate_type = 'execution_log'`);
  }
}
