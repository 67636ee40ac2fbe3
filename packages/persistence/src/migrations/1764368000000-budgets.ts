import type { MigrationInterface, QueryRunner } from 'typeorm';
import { BUDGETS } from './budgets.js';

export class Budgets1764368000000 implements MigrationInterface {
  readonly name = 'Budgets1764368000000';
  readonly statements = BUDGETS;

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of this.statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table agf_budget_reservations');
    await runner.query('drop table agf_budget_usage');
  }
}
