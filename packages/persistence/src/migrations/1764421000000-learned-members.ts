import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who came with a token and was granted nothing: the tenant knows of them, and they are limited by nothing but it. */
export class LearnedMembers1764421000000 implements MigrationInterface {
  readonly name = 'LearnedMembers1764421000000';
  readonly statements = [
    `alter table agf_members add column origin text not null default 'granted' check (origin in ('granted', 'learned'))`,
  ];

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of this.statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`delete from agf_members where origin = 'learned'`);
    await runner.query('alter table agf_members drop column origin');
  }
}
