import type { MigrationInterface, QueryRunner } from 'typeorm';
import { BREAKER_DRILLS } from './breaker-drills.js';

export class BreakerDrills1764450000000 implements MigrationInterface {
  readonly name = 'BreakerDrills1764450000000';
  readonly statements = BREAKER_DRILLS;

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of this.statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table agf_breaker_drills');
  }
}
