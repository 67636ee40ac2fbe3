import type { MigrationInterface, QueryRunner } from 'typeorm';
import { PAYLOADS } from './payloads.js';

export class Payloads1764340000000 implements MigrationInterface {
  readonly name = 'Payloads1764340000000';
  readonly statements = PAYLOADS;

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of this.statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table agf_payloads');
  }
}
