import type { MigrationInterface, QueryRunner } from 'typeorm';

/** As `personOf` of the domain, for what is stored: one person's grant is found under each spelling of their name. */
export class Persons1764423000000 implements MigrationInterface {
  readonly name = 'Persons1764423000000';
  readonly statements = [
    String.raw`alter table agf_members add column person text not null generated always as (
      lower(regexp_replace(normalize(sub, nfkc),
        '[\s\u00a0\u00ad\u061c\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]', '', 'g'))
    ) stored`,
    `create index agf_members_person on agf_members (tenant_id, person)`,
  ];

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of this.statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table agf_members drop column person');
  }
}
