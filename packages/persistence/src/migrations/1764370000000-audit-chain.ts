import type { MigrationInterface, QueryRunner } from 'typeorm';
import { AUDIT_CHAIN, WITHOUT_AUDIT_CHAIN } from './audit-chain.js';

export class AuditChain1764370000000 implements MigrationInterface {
  readonly name = 'AuditChain1764370000000';
  readonly statements = AUDIT_CHAIN;

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of this.statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of WITHOUT_AUDIT_CHAIN) await runner.query(statement);
  }
}
