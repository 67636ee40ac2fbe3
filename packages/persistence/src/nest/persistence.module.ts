import { ChangeConnections } from '../connections/change-connections.js';
import { BreakerIsolations } from '@aumos/agf-domain';
import { type DynamicModule, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ArtifactContents } from '../artifacts/artifact-contents.js';
import { ArtifactStore } from '../artifacts/artifact-store.js';
import { type ArtifactStorageOptions, provideContents } from '../artifacts/provide-contents.js';
import { assertUnprivileged } from '../data-source/assert-unprivileged.js';
import { createDataSource } from '../data-source/create-data-source.js';
import { PayloadStore } from '../payloads/payload-store.js';
import {
  AgentsRepository,
  BudgetsRepository,
  ApprovalChangesRepository,
  ApprovalInboxRepository,
  ApprovalsRepository,
  ApprovalCommentsRepository,
  ApproverGroupsRepository,
  ArtifactsRepository,
  AuditRepository,
  BreakerFactsRepository,
  BreakersRepository,
  BreakerSettingsRepository,
  CallStatisticsRepository,
  ChannelsRepository,
  ChannelTemplatesRepository,
  CommandsRepository,
  ConnectionsRepository,
  DecisionLinksRepository,
  DefinitionsRepository,
  DeliveriesRepository,
  Denials,
  DrillsRepository,
  DueDeliveriesRepository,
  ElevationsRepository,
  ExecutionLogRepository,
  ExecutionsRepository,
  FamiliesRepository,
  IdempotencyRepository,
  InboxRepository,
  IsolationsRepository,
  MembersRepository,
  MemoriesRepository,
  Newcomers,
  OutboxRepository,
  NoticesRepository,
  GatePoliciesRepository,
  BusinessHoursRepository,
  OutgoingRulesRepository,
  PausesRepository,
  PeopleChangesRepository,
  PublishedRepository,
  QuotaRepository,
  RecordingsRepository,
  RetentionRepository,
  SecretsRepository,
  SegmentsRepository,
  StandingApprovalsRepository,
  StepsRepository,
  SweepRepository,
  TenantsRepository,
  ToolSecretsRepository,
  ToolsRepository,
  TracesRepository,
  VisitsRepository,
  WatchedBreakersRepository,
  WorkflowOutcomesRepository,
} from '../repositories/index.js';
import { SecretBox } from '../secrets/secret-box.js';
import { TenantDb } from '../tenant/tenant-db.js';

const REPOSITORIES = [
  AgentsRepository,
  BudgetsRepository,
  ApprovalChangesRepository,
  ApprovalInboxRepository,
  ApprovalsRepository,
  ApprovalCommentsRepository,
  ApproverGroupsRepository,
  ArtifactsRepository,
  AuditRepository,
  BreakerFactsRepository,
  BreakersRepository,
  BreakerSettingsRepository,
  CallStatisticsRepository,
  ChannelsRepository,
  ChannelTemplatesRepository,
  CommandsRepository,
  ConnectionsRepository,
  DecisionLinksRepository,
  DefinitionsRepository,
  DeliveriesRepository,
  Denials,
  DrillsRepository,
  ElevationsRepository,
  ExecutionLogRepository,
  ExecutionsRepository,
  FamiliesRepository,
  IdempotencyRepository,
  InboxRepository,
  IsolationsRepository,
  MembersRepository,
  MemoriesRepository,
  Newcomers,
  OutboxRepository,
  NoticesRepository,
  GatePoliciesRepository,
  BusinessHoursRepository,
  OutgoingRulesRepository,
  PausesRepository,
  PeopleChangesRepository,
  PublishedRepository,
  QuotaRepository,
  RecordingsRepository,
  SegmentsRepository,
  StandingApprovalsRepository,
  StepsRepository,
  TenantsRepository,
  ToolsRepository,
  TracesRepository,
  VisitsRepository,
  WorkflowOutcomesRepository,
  ArtifactStore,
  PayloadStore,
];
/** They open and seal. */
const WITH_SECRETS = [SecretsRepository, ToolSecretsRepository, ChangeConnections];
/** They take the sweeper's data source. */
const ACROSS_TENANTS = [SweepRepository, RetentionRepository, WatchedBreakersRepository, DueDeliveriesRepository];
const SWEEPER = Symbol('data source of the role agf_sweeper');

export interface PersistenceOptions {
  /** as agf_app: any other role that could get past row-level security is refused */
  databaseUrl: string;
  applicationName: string;
  poolSize?: number;
  /** as agf_sweeper: provides SweepRepository, RetentionRepository, WatchedBreakersRepository and DueDeliveriesRepository */
  sweeperDatabaseUrl?: string;
  /** default: in PostgreSQL */
  artifacts?: ArtifactStorageOptions;
  /** base64: provides SecretsRepository, ToolSecretsRepository and ChangeConnections */
  secretsKey?: string;
}

/** The tenants' database for an app: TenantDb and the repositories, global; connections close with the app. */
@Module({})
export class PersistenceModule implements OnApplicationShutdown {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(SWEEPER) private readonly sweeper: DataSource | null,
    private readonly contents: ArtifactContents,
    private readonly newcomers: Newcomers,
  ) {}

  static for(options: PersistenceOptions): DynamicModule {
    const { applicationName, poolSize = 20, sweeperDatabaseUrl, secretsKey } = options;
    const storage = options.artifacts ?? { store: 'postgres' };
    const connected = (): Promise<DataSource> => connect(options.databaseUrl, applicationName, poolSize);
    const sweeper = async (): Promise<DataSource | null> =>
      sweeperDatabaseUrl ? connect(sweeperDatabaseUrl, `${applicationName} sweep`, 2) : null;
    const exported = [
      TenantDb,
      DataSource,
      ArtifactContents,
      BreakerIsolations,
      ...REPOSITORIES,
      ...(secretsKey ? WITH_SECRETS : []),
      ...(sweeperDatabaseUrl ? ACROSS_TENANTS : []),
    ];
    return {
      module: PersistenceModule,
      global: true,
      providers: [
        { provide: DataSource, useFactory: connected },
        { provide: SWEEPER, useFactory: sweeper },
        TenantDb,
        {
          provide: ArtifactContents,
          useFactory: (db: TenantDb, artifacts: ArtifactsRepository) => provideContents(storage, db, artifacts),
          inject: [TenantDb, ArtifactsRepository],
        },
        ...REPOSITORIES,
        { provide: BreakerIsolations, useExisting: IsolationsRepository },
        ...(secretsKey ? [{ provide: SecretBox, useValue: SecretBox.fromBase64(secretsKey) }, ...WITH_SECRETS] : []),
        ...(sweeperDatabaseUrl ? ACROSS_TENANTS : []).map((Repository) => ({
          provide: Repository,
          useFactory: (from: DataSource) => new Repository(from),
          inject: [SWEEPER],
        })),
      ],
      exports: exported,
    };
  }

  /** After everybody who writes has stopped. */
  async onApplicationShutdown(): Promise<void> {
    await this.newcomers.settled();
    this.contents.close();
    await Promise.all([this.dataSource.destroy(), this.sweeper?.destroy()]);
  }
}

async function connect(url: string, applicationName: string, poolSize: number): Promise<DataSource> {
  const dataSource = await createDataSource(url, { applicationName, poolSize });
  try {
    await assertUnprivileged(dataSource);
    return dataSource;
  } catch (error) {
    await dataSource.destroy();
    throw error;
  }
}
