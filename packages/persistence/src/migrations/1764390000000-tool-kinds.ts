import type { MigrationInterface, QueryRunner } from 'typeorm';
import { TOOL_KINDS, WITHOUT_TOOL_KINDS } from './tool-kinds.js';

export class ToolKinds1764390000000 implements MigrationInterface {
  readonly name = 'ToolKinds1764390000000';
  readonly statements = TOOL_KINDS;

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of this.statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of WITHOUT_TOOL_KINDS) await runner.query(statement);
  }
}
