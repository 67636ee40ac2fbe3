import type { MigrationInterface, QueryRunner } from 'typeorm';
import { MEMORIES } from './memories.js';

export class Memories1764367000000 implements MigrationInterface {
  readonly name = 'Memories1764367000000';
  readonly statements = MEMORIES;

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of this.statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table agf_agent_memories');
  }
}
