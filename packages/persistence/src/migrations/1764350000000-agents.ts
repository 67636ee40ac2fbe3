import type { MigrationInterface, QueryRunner } from 'typeorm';
import { AGENTS } from './agents.js';

export class Agents1764350000000 implements MigrationInterface {
  readonly name = 'Agents1764350000000';
  readonly statements = AGENTS;

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of this.statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table agf_agent_definitions');
  }
}
