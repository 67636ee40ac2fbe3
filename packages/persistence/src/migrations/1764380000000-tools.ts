import type { MigrationInterface, QueryRunner } from 'typeorm';
import { TOOLS } from './tools.js';

export class Tools1764380000000 implements MigrationInterface {
  readonly name = 'Tools1764380000000';
  readonly statements = TOOLS;

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of this.statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table agf_secrets drop column hosts');
    await runner.query('drop table agf_tool_definitions');
  }
}
