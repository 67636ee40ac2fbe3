import type { MigrationInterface, QueryRunner } from 'typeorm';
import { NOTICE_RETENTION, WITHOUT_NOTICE_RETENTION } from './notice-retention.js';

export class NoticeRetention1764472000000 implements MigrationInterface {
  readonly name = 'NoticeRetention1764472000000';
  readonly statements = NOTICE_RETENTION;

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of this.statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of WITHOUT_NOTICE_RETENTION) await runner.query(statement);
  }
}
