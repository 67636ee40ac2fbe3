import type { MigrationInterface, QueryRunner } from 'typeorm';
import { OUTGOING_RULES } from './outgoing-rules.js';

export class OutgoingRules1764391000000 implements MigrationInterface {
  readonly name = 'OutgoingRules1764391000000';
  readonly statements = OUTGOING_RULES;

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of this.statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table agf_outgoing_rules');
  }
}
