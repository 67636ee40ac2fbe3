import type { MigrationInterface, QueryRunner } from 'typeorm';
import { AGENTS_AT_WORK } from './agents-at-work.js';

export class AgentsAtWork1764411000000 implements MigrationInterface {
  readonly name = 'AgentsAtWork1764411000000';
  readonly statements = AGENTS_AT_WORK;

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of this.statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table agf_agent_definitions drop column executor');
    await runner.query('alter table agf_workflow_executions drop column session_id');
  }
}
