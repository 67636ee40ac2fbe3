import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ELEVATIONS } from './elevations.js';

export class Elevations1764420000000 implements MigrationInterface {
  readonly name = 'Elevations1764420000000';
  readonly statements = ELEVATIONS;

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of this.statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table agf_agent_elevation_votes');
    await runner.query('drop table agf_agent_elevations');
  }
}
