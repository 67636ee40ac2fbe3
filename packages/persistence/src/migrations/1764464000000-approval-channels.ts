import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPROVAL_CHANNELS } from './approval-channels.js';
import { ROLES } from './initial-schema.js';

export class ApprovalChannels1764464000000 implements MigrationInterface {
  readonly name = 'ApprovalChannels1764464000000';
  readonly statements = APPROVAL_CHANNELS;

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of this.statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop policy sweeper_reads on agf_hitl_notices');
    await runner.query(`revoke select (tenant_id, id, sent_at, created_at) on agf_hitl_notices from ${ROLES.sweeper}`);
    await runner.query('drop table agf_hitl_links');
    await runner.query('drop table agf_hitl_templates');
    await runner.query('drop table agf_hitl_deliveries');
    await runner.query('drop table agf_hitl_channels');
  }
}
