import type { MigrationInterface, QueryRunner } from 'typeorm';
import { BREAKER_ISOLATIONS } from './breaker-isolations.js';

export class BreakerIsolations1764441000000 implements MigrationInterface {
  readonly name = 'BreakerIsolations1764441000000';
  readonly statements = BREAKER_ISOLATIONS;

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of this.statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table agf_breaker_isolations');
  }
}
