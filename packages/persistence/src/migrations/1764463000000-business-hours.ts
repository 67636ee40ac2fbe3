import type { MigrationInterface, QueryRunner } from 'typeorm';
import { BUSINESS_HOURS } from './business-hours.js';

export class BusinessHours1764463000000 implements MigrationInterface {
  readonly name = 'BusinessHours1764463000000';
  readonly statements = BUSINESS_HOURS;

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of this.statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table agf_business_hours');
  }
}
