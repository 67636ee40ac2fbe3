import type { MigrationInterface, QueryRunner } from 'typeorm';
import { SEGMENTS } from './segments.js';

export class Segments1764360000000 implements MigrationInterface {
  readonly name = 'Segments1764360000000';
  readonly statements = SEGMENTS;

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of this.statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop function agf_record_segment');
  }
}
