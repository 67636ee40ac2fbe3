import type { MigrationInterface, QueryRunner } from 'typeorm';
import { CROSS_TENANT_ROLES } from './cross-tenant-roles.js';
import { FUNCTIONS } from './functions.js';
import { TABLES, TENANT_TABLES } from './initial-schema.js';
import { protect, TOUCH } from './protect.js';

const STATEMENTS: readonly string[] = [
  ...TABLES,
  TOUCH,
  ...TENANT_TABLES.flatMap(protect),
  ...CROSS_TENANT_ROLES,
  ...FUNCTIONS,
];

export class InitialSchema1764000000000 implements MigrationInterface {
  readonly name = 'InitialSchema1764000000000';
  readonly statements = STATEMENTS;

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of this.statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop function agf_append_event, agf_accept_execution');
    await runner.query(`drop table ${TENANT_TABLES.join(', ')}`);
    await runner.query('drop function agf_touch, agf_mark_published');
  }
}
