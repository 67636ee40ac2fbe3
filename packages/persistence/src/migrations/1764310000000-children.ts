import type { MigrationInterface, QueryRunner } from 'typeorm';
import { CHILDREN, WITHOUT_CHILDREN } from './children.js';

export class Children1764310000000 implements MigrationInterface {
  readonly name = 'Children1764310000000';
  readonly statements = CHILDREN;

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of this.statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of WITHOUT_CHILDREN) await runner.query(statement);
  }
}
