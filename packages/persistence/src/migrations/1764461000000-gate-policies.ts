import type { MigrationInterface, QueryRunner } from 'typeorm';
import { GATE_POLICIES } from './gate-policies.js';

export class GatePolicies1764461000000 implements MigrationInterface {
  readonly name = 'GatePolicies1764461000000';
  readonly statements = GATE_POLICIES;

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of this.statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table agf_gate_policies');
  }
}
