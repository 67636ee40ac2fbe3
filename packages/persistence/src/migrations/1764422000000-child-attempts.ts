import type { MigrationInterface, QueryRunner } from 'typeorm';

const INDEX = 'agf_workflow_executions_child';
const OF_VISIT = 'tenant_id, parent_execution_id, parent_node, parent_visit';
const unique = (columns: string): string =>
  `create unique index ${INDEX} on agf_workflow_executions (${columns}) where parent_execution_id is not null`;

/** A visit that is tried again has a child an attempt. */
export class ChildAttempts1764422000000 implements MigrationInterface {
  readonly name = 'ChildAttempts1764422000000';
  readonly statements = [
    'alter table agf_workflow_executions add column parent_attempt int not null default 1 check (parent_attempt > 0)',
    `drop index ${INDEX}`,
    unique(`${OF_VISIT}, parent_attempt`),
  ];

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of this.statements) await runner.query(statement);
  }

  /** Refused by the database where a visit has several. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop index ${INDEX}`);
    await runner.query('alter table agf_workflow_executions drop column parent_attempt');
    await runner.query(unique(OF_VISIT));
  }
}
