import type { MigrationInterface, QueryRunner } from 'typeorm';
import { BREAKER_HISTORY, WITHOUT_BREAKER_HISTORY } from './breaker-history.js';

export class BreakerHistory1764440000000 implements MigrationInterface {
  readonly name = 'BreakerHistory1764440000000';
  readonly statements = BREAKER_HISTORY;

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of this.statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of WITHOUT_BREAKER_HISTORY) await runner.query(statement);
  }
}
