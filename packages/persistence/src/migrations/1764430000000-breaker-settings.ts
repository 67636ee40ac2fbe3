import type { MigrationInterface, QueryRunner } from 'typeorm';
import { BREAKER_SETTINGS } from './breaker-settings.js';

export class BreakerSettings1764430000000 implements MigrationInterface {
  readonly name = 'BreakerSettings1764430000000';
  readonly statements = BREAKER_SETTINGS;

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of this.statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table agf_agent_definitions drop column circuit_breaker');
    await runner.query('drop table agf_breaker_settings');
  }
}
