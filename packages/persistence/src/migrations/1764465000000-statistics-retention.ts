import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ROLES } from './initial-schema.js';
import { STATISTICS_RETENTION } from './statistics-retention.js';

export class StatisticsRetention1764465000000 implements MigrationInterface {
  readonly name = 'StatisticsRetention1764465000000';
  readonly statements = STATISTICS_RETENTION;

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of this.statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index agf_call_statistics_by_time');
    await runner.query('drop policy sweeper_deletes on agf_call_statistics');
    await runner.query('drop policy sweeper_reads on agf_call_statistics');
    await runner.query(`revoke all on agf_call_statistics from ${ROLES.sweeper}`);
  }
}
