import type { MigrationInterface, QueryRunner } from 'typeorm';
import { AGENT_VERSIONS } from './agent-versions.js';

export class AgentVersions1764365000000 implements MigrationInterface {
  readonly name = 'AgentVersions1764365000000';
  readonly statements = AGENT_VERSIONS;

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of this.statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table agf_workflow_definitions drop column agent_id');
    await runner.query('drop table agf_agent_versions');
    await runner.query('alter table agf_agent_definitions drop column requires_hitl');
  }
}
