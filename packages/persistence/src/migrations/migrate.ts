import pg from 'pg';
import { DataSource } from 'typeorm';
import { InitialSchema1764000000000 } from './1764000000000-initial-schema.js';
import { Retention1764100000000 } from './1764100000000-retention.js';
import { ExecutionLog1764200000000 } from './1764200000000-execution-log.js';
import { ExecutionCommands1764300000000 } from './1764300000000-execution-commands.js';
import { Children1764310000000 } from './1764310000000-children.js';
import { Checkpoints1764320000000 } from './1764320000000-checkpoints.js';
import { Payloads1764340000000 } from './1764340000000-payloads.js';
import { Agents1764350000000 } from './1764350000000-agents.js';
import { Segments1764360000000 } from './1764360000000-segments.js';
import { AgentVersions1764365000000 } from './1764365000000-agent-versions.js';
import { CompleteMembers1764366000000 } from './1764366000000-complete-members.js';
import { Memories1764367000000 } from './1764367000000-memories.js';
import { Budgets1764368000000 } from './1764368000000-budgets.js';
import { AuditChain1764370000000 } from './1764370000000-audit-chain.js';
import { Tools1764380000000 } from './1764380000000-tools.js';
import { ToolKinds1764390000000 } from './1764390000000-tool-kinds.js';
import { OutgoingRules1764391000000 } from './1764391000000-outgoing-rules.js';
import { Connections1764400000000 } from './1764400000000-connections.js';
import { StartedBy1764401000000 } from './1764401000000-started-by.js';
import { Decisions1764410000000 } from './1764410000000-decisions.js';
import { AgentsAtWork1764411000000 } from './1764411000000-agents-at-work.js';
import { Elevations1764420000000 } from './1764420000000-elevations.js';
import { LearnedMembers1764421000000 } from './1764421000000-learned-members.js';
import { ChildAttempts1764422000000 } from './1764422000000-child-attempts.js';
import { Persons1764423000000 } from './1764423000000-persons.js';
import { BreakerSettings1764430000000 } from './1764430000000-breaker-settings.js';
import { BreakerHistory1764440000000 } from './1764440000000-breaker-history.js';
import { BreakerIsolations1764441000000 } from './1764441000000-breaker-isolations.js';
import { CallStatistics1764442000000 } from './1764442000000-call-statistics.js';
import { BreakerDrills1764450000000 } from './1764450000000-breaker-drills.js';
import { ApprovalRules1764460000000 } from './1764460000000-approval-rules.js';
import { GatePolicies1764461000000 } from './1764461000000-gate-policies.js';
import { Deciders1764462000000 } from './1764462000000-deciders.js';
import { BusinessHours1764463000000 } from './1764463000000-business-hours.js';
import { ApprovalChannels1764464000000 } from './1764464000000-approval-channels.js';
import { StatisticsRetention1764465000000 } from './1764465000000-statistics-retention.js';
import { ApprovalInbox1764466000000 } from './1764466000000-approval-inbox.js';
import { PeopleChanges1764468000000 } from './1764468000000-people-changes.js';
import { ApprovalChanges1764471000000 } from './1764471000000-approval-changes.js';
import { NoticeRetention1764472000000 } from './1764472000000-notice-retention.js';

/** In their order. A released one never changes. Each shows its statements: the suites clone a database per schema. */
export const MIGRATIONS = [
  InitialSchema1764000000000,
  Retention1764100000000,
  ExecutionLog1764200000000,
  ExecutionCommands1764300000000,
  Children1764310000000,
  Checkpoints1764320000000,
  Payloads1764340000000,
  Agents1764350000000,
  Segments1764360000000,
  AgentVersions1764365000000,
  CompleteMembers1764366000000,
  Memories1764367000000,
  Budgets1764368000000,
  AuditChain1764370000000,
  Tools1764380000000,
  ToolKinds1764390000000,
  OutgoingRules1764391000000,
  Connections1764400000000,
  StartedBy1764401000000,
  Decisions1764410000000,
  AgentsAtWork1764411000000,
  Elevations1764420000000,
  LearnedMembers1764421000000,
  ChildAttempts1764422000000,
  Persons1764423000000,
  BreakerSettings1764430000000,
  BreakerHistory1764440000000,
  BreakerIsolations1764441000000,
  CallStatistics1764442000000,
  BreakerDrills1764450000000,
  ApprovalRules1764460000000,
  GatePolicies1764461000000,
  Deciders1764462000000,
  BusinessHours1764463000000,
  ApprovalChannels1764464000000,
  StatisticsRetention1764465000000,
  ApprovalInbox1764466000000,
  PeopleChanges1764468000000,
  ApprovalChanges1764471000000,
  NoticeRetention1764472000000,
];
export const MIGRATIONS_TABLE = 'agf_migrations';

/**
 * Brings the database to this build's schema, as the owner that the URL names. Of several at once one works while the
 * others wait for its lock, and then find nothing to do. The URL must lead to PostgreSQL itself: a session's lock does
 * not survive a pooler.
 * @returns the names of the migrations that this call applied
 */
export async function migrate(url: string): Promise<string[]> {
  const lock = new pg.Client({ connectionString: url, application_name: 'agf-migrate', keepAlive: true });
  await lock.connect();
  try {
    await lock.query(`set lock_timeout = '120s'`);
    await lock.query(`select pg_advisory_lock(hashtextextended('agf-migrate', 0))`);
    return await apply(url);
  } finally {
    await lock.end();
  }
}

async function apply(url: string): Promise<string[]> {
  const dataSource = new DataSource({
    type: 'postgres',
    url,
    applicationName: 'agf-migrate',
    migrations: MIGRATIONS,
    migrationsTableName: MIGRATIONS_TABLE,
    migrationsTransactionMode: 'each',
    installExtensions: false,
    poolSize: 1,
    extra: { options: '-c lock_timeout=10s' },
  });
  await dataSource.initialize();
  try {
    return (await dataSource.runMigrations()).map((migration) => migration.name);
  } finally {
    await dataSource.destroy();
  }
}
