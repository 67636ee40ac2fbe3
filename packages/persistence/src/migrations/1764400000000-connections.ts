import type { MigrationInterface, QueryRunner } from 'typeorm';
import { CONNECTIONS } from './connections.js';

export class Connections1764400000000 implements MigrationInterface {
  readonly name = 'Connections1764400000000';
  readonly statements = CONNECTIONS;

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of this.statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query("delete from agf_connections where kind <> 'postgres'");
    await runner.query('drop index agf_connections_by_secret');
    await runner.query('alter table agf_connections drop column enabled');
    await runner.query('alter table agf_connections alter column secret_name set not null');
    await runner.query('alter table agf_connections drop constraint agf_connections_kind_check');
    await runner.query("alter table agf_connections add check (kind in ('postgres'))");
  }
}
