import type { MigrationInterface, QueryRunner } from 'typeorm';
import { CALL_STATISTICS } from './call-statistics.js';

export class CallStatistics1764442000000 implements MigrationInterface {
  readonly name = 'CallStatistics1764442000000';
  readonly statements = CALL_STATISTICS;

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of this.statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table agf_call_statistics');
  }
}
