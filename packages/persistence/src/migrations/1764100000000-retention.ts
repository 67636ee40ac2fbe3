import type { MigrationInterface, QueryRunner } from 'typeorm';
import { RETENTION } from './retention.js';

export class Retention1764100000000 implements MigrationInterface {
  readonly name = 'Retention1764100000000';
  readonly statements = RETENTION;

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of this.statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['agf_idempotency_keys', 'agf_inbox']) {
      await runner.query(`drop policy sweeper_deletes on ${table}`);
      await runner.query(`revoke delete on ${table} from agf_sweeper`);
    }
    for (const table of ['agf_idempotency_keys', 'agf_inbox', 'agf_artifacts']) {
      await runner.query(`drop policy sweeper_reads on ${table}`);
      await runner.query(`revoke select on ${table} from agf_sweeper`);
    }
    await runner.query('drop index agf_inbox_by_time, agf_artifacts_incomplete');
  }
}
