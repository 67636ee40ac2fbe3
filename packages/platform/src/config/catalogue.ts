import { setting } from './kinds.js';
import { defineSettings, type SettingsDefinition } from './settings.js';
import { type Fallback, readVariable } from './setting.js';

/** Platform-wide database URLs are SQLAlchemy's: `postgresql+asyncpg://` means the same server. */
const platformDatabase: Fallback = {
  shown: 'AUMOS_DATABASE__URL',
  read: (env) => readVariable(env, 'AUMOS_DATABASE__URL')?.replace(/^(postgres(?:ql)?)\+\w+:/, '$1:'),
};

const keycloakIssuer: Fallback = {
  shown: "AUMOS_KEYCLOAK__URL + '/realms/' + AUMOS_KEYCLOAK__REALM",
  read(env) {
    const [url, realm] = [readVariable(env, 'AUMOS_KEYCLOAK__URL'), readVariable(env, 'AUMOS_KEYCLOAK__REALM')];
    return url && realm ? `${url.replace(/\/+$/, '')}/realms/${encodeURIComponent(realm)}` : undefined;
  },
};

const POSTGRES = ['postgres:', 'postgresql:'] as const;
const HTTP = ['http:', 'https:'] as const;
const HOST_PORT = /^[^\s:/]+:\d{1,5}$|^\[[0-9a-fA-F:]+\]:\d{1,5}$/;

export const httpSettings = defineSettings({
  host: setting.string('HOST', { description: 'Address to listen on.', default: '127.0.0.1' }),
  port: setting.int('PORT', {
    description: 'Port to listen on; 0 takes a free one.',
    default: 3000,
    min: 0,
    max: 65535,
  }),
  bodyLimitBytes: setting.int('BODY_LIMIT_BYTES', {
    description: 'Largest JSON body in bytes; artifacts have their own limit.',
    default: 1_048_576,
    min: 1024,
    max: 67_108_864,
  }),
  shutdownTimeoutSeconds: setting.int('SHUTDOWN_TIMEOUT_SECONDS', {
    description: 'How long work in flight may take to finish after SIGTERM.',
    default: 25,
    min: 1,
    max: 600,
  }),
  version: setting.string('VERSION', { description: 'Version of the build that /ready shows.', default: 'dev' }),
});

export const loggingSettings = defineSettings({
  logLevel: setting.enum('LOG_LEVEL', {
    description: 'The least severe level that is logged.',
    values: ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
    default: 'info',
    fallback: ['AUMOS_LOG_LEVEL'],
  }),
});

export const telemetrySettings = defineSettings({
  otelEndpoint: setting.url('OTEL_ENDPOINT', {
    description: 'Base URL of an OTLP/HTTP collector; without it traces are not exported.',
    protocols: HTTP,
    optional: true,
    fallback: ['AUMOS_OTEL_ENDPOINT'],
  }),
  metricsPort: setting.int('METRICS_PORT', {
    description: 'Port of HOST at which Prometheus finds /metrics, without a token; without it there are none.',
    min: 1,
    max: 65535,
    optional: true,
  }),
});

export const authSettings = defineSettings({
  oidcIssuer: setting.url('OIDC_ISSUER', {
    description: 'OpenID Connect issuer whose access tokens are accepted.',
    protocols: HTTP,
    fallback: [keycloakIssuer],
  }),
  oidcAudience: setting.string('OIDC_AUDIENCE', {
    description: 'Audience that a token must name.',
    default: 'aumos-agent-framework',
  }),
  oidcJwksUrl: setting.url('OIDC_JWKS_URL', {
    description: "Where the issuer's keys are; without it the issuer's discovery document says so.",
    protocols: HTTP,
    optional: true,
  }),
  oidcLeewaySeconds: setting.int('OIDC_LEEWAY_SECONDS', {
    description: 'Difference between clocks that is tolerated in exp, nbf and iat.',
    default: 10,
    min: 0,
    max: 60,
  }),
});

export const databaseSettings = defineSettings({
  databaseUrl: setting.url('DATABASE_URL', {
    description: 'PostgreSQL as the role agf_app.',
    protocols: POSTGRES,
    fallback: [platformDatabase],
  }),
});
export const relayDatabaseSettings = defineSettings({
  relayDatabaseUrl: setting.url('RELAY_DATABASE_URL', {
    description: 'PostgreSQL as the role agf_relay, which publishes the outbox.',
    protocols: POSTGRES,
  }),
});
export const sweeperDatabaseSettings = defineSettings({
  sweeperDatabaseUrl: setting.url('SWEEPER_DATABASE_URL', {
    description: 'PostgreSQL as the role agf_sweeper, which finds what was left undelivered.',
    protocols: POSTGRES,
  }),
});
export const migrationDatabaseSettings = defineSettings({
  migrationDatabaseUrl: setting.url('MIGRATION_DATABASE_URL', {
    description: 'PostgreSQL as the role agf_owner, for migrations only.',
    protocols: POSTGRES,
  }),
});

export const redisSettings = defineSettings({
  redisUrl: setting.url('REDIS_URL', {
    description: 'Redis or Valkey; of a cluster any node, further ones as `?node=host:port`.',
    protocols: ['redis:', 'rediss:', 'redis+cluster:', 'rediss+cluster:'],
    fallback: ['AUMOS_REDIS__URL'],
  }),
});

export const kafkaSettings = defineSettings({
  kafkaBrokers: setting.list('KAFKA_BROKERS', {
    description: 'Kafka brokers.',
    pattern: HOST_PORT,
    allowed: 'host:port, parted by commas',
    fallback: ['AUMOS_KAFKA__BROKERS'],
  }),
  kafkaTopicPrefix: setting.string('KAFKA_TOPIC_PREFIX', {
    description: 'Put before every topic and consumer group, so that installations can share a cluster.',
    pattern: /^[a-zA-Z0-9._-]{0,60}$/,
    allowed: 'letters, digits, dots, dashes and underscores',
    default: '',
  }),
});

export const topicSettings = defineSettings({
  kafkaReplicationFactor: setting.int('KAFKA_REPLICATION_FACTOR', {
    description: 'Copies of each topic that is made; from 3 on, two must confirm a write. One broker: 1.',
    default: 3,
    min: 1,
    max: 15,
  }),
});

export const temporalSettings = defineSettings({
  temporalServerUrl: setting.string('TEMPORAL_SERVER_URL', {
    description: "Temporal's frontend.",
    pattern: HOST_PORT,
    allowed: 'host:port',
  }),
  temporalNamespace: setting.string('TEMPORAL_NAMESPACE', {
    description: "Temporal's namespace.",
    default: 'aumos-agent-framework',
  }),
});

/** Of the apps that have a Temporal worker with workflows. */
export const workerVersionSettings = defineSettings({
  workerDeployment: setting.string('WORKER_DEPLOYMENT', {
    description:
      'Name of the worker deployment; with it, an execution stays with the build of the worker that it began on. Without it, any worker takes up any execution, and its workflow code must replay them all.',
    pattern: /^[a-zA-Z0-9_-]{1,60}$/,
    allowed: 'letters, digits, dashes and underscores',
    optional: true,
  }),
  workerBuildId: setting.string('WORKER_BUILD_ID', {
    description: "The worker's build; without it a hash of its workflow code, so that another one is another build.",
    pattern: /^[a-zA-Z0-9_.+-]{1,128}$/,
    allowed: 'letters, digits, dots, dashes, plus signs and underscores',
    optional: true,
  }),
  workerBecomesCurrent: setting.bool('WORKER_BECOMES_CURRENT', {
    description:
      'Whether executions begin on this build from the start of its worker on. Off for a build that only ends what it began.',
    default: true,
  }),
});

export const routesSettings = defineSettings({
  hitlApprovalUrl: setting.url('HITL_APPROVAL_URL', {
    description: 'Where the gateway finds hitl-approval.',
    protocols: HTTP,
  }),
  circuitBreakerMonitorUrl: setting.url('CIRCUIT_BREAKER_MONITOR_URL', {
    description: 'Where the gateway finds circuit-breaker-monitor.',
    protocols: HTTP,
  }),
});

export const secretsSettings = defineSettings({
  secretsKey: setting.secret('SECRETS_KEY', {
    description: "Key that encrypts tenants' connection strings and secrets at rest.",
    bytes: 32,
  }),
});

export const artifactSettings = defineSettings({
  artifactMaxBytes: setting.int('ARTIFACT_MAX_BYTES', {
    description: 'Largest artifact in bytes.',
    default: 104_857_600,
    min: 1,
  }),
});

/** `artifactStorageOf` says which of these belong together. */
export const artifactStorageSettings = defineSettings({
  artifactStore: setting.enum('ARTIFACT_STORE', {
    description: 'Where new artifacts are kept; those that are there stay where they are and can be read.',
    values: ['postgres', 's3'],
    default: 'postgres',
  }),
  artifactS3Bucket: setting.string('ARTIFACT_S3_BUCKET', {
    description: 'Bucket of S3-compatible storage; needed for the store s3, and to read what is there already.',
    pattern: /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
    allowed: "a bucket's name",
    optional: true,
  }),
  artifactS3Region: setting.string('ARTIFACT_S3_REGION', {
    description: "The bucket's region; servers without regions take `us-east-1`. Needed with a bucket.",
    optional: true,
  }),
  artifactS3Endpoint: setting.url('ARTIFACT_S3_ENDPOINT', {
    description: 'Where the storage is, without the bucket; without it AWS.',
    protocols: HTTP,
    optional: true,
  }),
  artifactS3ForcePathStyle: setting.bool('ARTIFACT_S3_FORCE_PATH_STYLE', {
    description: "Whether the bucket is named in the path and not in the host's name, as most other servers need it.",
    default: false,
  }),
  artifactS3AccessKey: setting.secret('ARTIFACT_S3_ACCESS_KEY', {
    description: "Access key; without both keys the cloud's default chain of credentials (the pod's role …).",
    optional: true,
  }),
  artifactS3SecretKey: setting.secret('ARTIFACT_S3_SECRET_KEY', {
    description: 'Secret of the access key.',
    optional: true,
  }),
});

export const housekeepingSettings = defineSettings({
  retentionDaysOutbox: setting.int('RETENTION_DAYS_OUTBOX', {
    description: 'How long an event stays in the outbox after it was published.',
    default: 7,
    min: 1,
    max: 3650,
  }),
  retentionDaysInbox: setting.int('RETENTION_DAYS_INBOX', {
    description:
      'How long it is remembered that an event was handled: longer than topics and dead letters keep it, or a repeated one takes effect again.',
    default: 31,
    min: 8,
    max: 3650,
  }),
  retentionDaysStatistics: setting.int('RETENTION_DAYS_STATISTICS', {
    description: 'How long it is known what workflows and agents did in an hour; the API tells of 31 days.',
    default: 90,
    min: 32,
    max: 3650,
  }),
  retentionDaysNotices: setting.int('RETENTION_DAYS_NOTICES', {
    description:
      'How long it is known what people were told of approvals, after it was sent, and where the links in it led, after their time.',
    default: 90,
    min: 32,
    max: 3650,
  }),
  retentionDaysApprovalChanges: setting.int('RETENTION_DAYS_APPROVAL_CHANGES', {
    description: 'How long changes of approvals stay for who follows them; the API resumes within a week.',
    default: 14,
    min: 8,
    max: 3650,
  }),
  retentionDaysIncompleteArtifacts: setting.int('RETENTION_DAYS_INCOMPLETE_ARTIFACTS', {
    description: 'How long what an interrupted upload or deletion left stays.',
    default: 1,
    min: 1,
    max: 365,
  }),
  housekeepingIntervalSeconds: setting.int('HOUSEKEEPING_INTERVAL_SECONDS', {
    description: 'About how often what is too old is removed; each time is up to a fifth shorter or longer.',
    default: 3600,
    min: 1,
    max: 86_400,
  }),
});

export const executionDefaults = defineSettings({
  maxConcurrentWorkflows: setting.int('MAX_CONCURRENT_WORKFLOWS', {
    description: 'Executions of one tenant that may be under way at once.',
    default: 100,
    min: 1,
  }),
  workflowTimeoutSeconds: setting.int('WORKFLOW_TIMEOUT_SECONDS', {
    description: 'Time an execution may take where its definition says nothing.',
    default: 3600,
    min: 1,
  }),
  maxWorkflowDepth: setting.int('MAX_WORKFLOW_DEPTH', {
    description: 'Executions that may run below one another, the first not counted.',
    default: 10,
    min: 1,
    max: 100,
  }),
  agentMaxPrivilegeLevel: setting.int('AGENT_MAX_PRIVILEGE_LEVEL', {
    description: 'Cap on every effective privilege level.',
    default: 5,
    min: 1,
    max: 5,
  }),
});

export const functionDefaults = defineSettings({
  nodesTaskQueue: setting.string('NODES_TASK_QUEUE', {
    description: 'Task queue of function nodes that name none.',
    pattern: /^[A-Za-z0-9_.-]{1,128}$/,
    allowed: 'letters, digits, dots, dashes and underscores',
    default: 'agf-nodes-default',
  }),
  workerWaitSeconds: setting.int('WORKER_WAIT_SECONDS', {
    description: "How long a function's call waits for a worker of its task queue, then it is `NO_WORKER`.",
    default: 300,
    min: 1,
    max: 86_400,
  }),
});
export const handlerSettings = defineSettings({
  handlerModules: setting.list('HANDLER_MODULES', {
    description:
      'Modules that export `handlers`, which function nodes with the placement `local` run in this process: names of packages, or paths.',
    optional: true,
  }),
});

export const breakerDefaults = defineSettings({
  circuitBreakerFailureThreshold: setting.int('CIRCUIT_BREAKER_FAILURE_THRESHOLD', {
    description: 'Failures in the window that open a breaker.',
    default: 5,
    min: 1,
  }),
  circuitBreakerResetTimeoutSeconds: setting.int('CIRCUIT_BREAKER_RESET_TIMEOUT_SECONDS', {
    description: 'Time a breaker stays open before it probes.',
    default: 60,
    min: 1,
  }),
  circuitBreakerHalfOpenMaxCalls: setting.int('CIRCUIT_BREAKER_HALF_OPEN_MAX_CALLS', {
    description: 'Probes a half-open breaker admits at once.',
    default: 3,
    min: 1,
  }),
  circuitBreakerWindowSeconds: setting.int('CIRCUIT_BREAKER_WINDOW_SECONDS', {
    description: 'Time a call counts.',
    default: 60,
    min: 1,
    max: 86_400,
  }),
  circuitBreakerFailureRate: setting.number('CIRCUIT_BREAKER_FAILURE_RATE', {
    description: "Share of failures among the window's calls that opens a breaker. Without it, or 0, none does.",
    optional: true,
    min: 0,
    max: 1,
  }),
  circuitBreakerSlowCallRate: setting.number('CIRCUIT_BREAKER_SLOW_CALL_RATE', {
    description: "Share of slow calls among the window's calls that opens a breaker. Without it, or 0, none does.",
    optional: true,
    min: 0,
    max: 1,
  }),
  circuitBreakerSlowCallSeconds: setting.number('CIRCUIT_BREAKER_SLOW_CALL_SECONDS', {
    description: 'A call that took longer is slow, where a share of slow calls is set.',
    default: 30,
    min: 0,
  }),
  circuitBreakerMinimumCalls: setting.int('CIRCUIT_BREAKER_MINIMUM_CALLS', {
    description: 'Calls in the window from which on shares are judged.',
    default: 20,
    min: 1,
  }),
  circuitBreakerIgnoredErrors: setting.list('CIRCUIT_BREAKER_IGNORED_ERRORS', {
    description: 'Codes of errors that no breaker counts, where nothing else is set.',
    optional: true,
  }),
});

export const sandboxSettings = defineSettings({
  sandboxTenants: setting.list('SANDBOX_TENANTS', {
    description:
      'Tenants in which drills may make tools fail, see POST /circuit-breakers/drills; without it there are no drills.',
    pattern: /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/,
    allowed: 'ids of tenants, in lower case, parted by commas',
    optional: true,
  }),
});

export const hitlDefaults = defineSettings({
  hitlApprovalTimeoutHours: setting.number('HITL_APPROVAL_TIMEOUT_HOURS', {
    description: 'Time an approval stays open where its gate says nothing.',
    default: 24,
    min: 0,
  }),
  hitlAutoRejectOnTimeout: setting.bool('HITL_AUTO_REJECT_ON_TIMEOUT', {
    description:
      'What becomes of an approval that was not decided in time where its gate says nothing: true, it expires; false, it is escalated and stays pending.',
    default: false,
  }),
});

/** How people are told of approvals; what a tenant's channels are is the tenant's. */
export const noticeSettings = defineSettings({
  mailServerUrl: setting.url('MAIL_SERVER_URL', {
    description:
      'SMTP server that sends notices of approvals, perhaps with credentials: smtp:// speaks TLS where the server offers it, and always with credentials, smtps:// from the start. Without it there is no e-mail.',
    protocols: ['smtp:', 'smtps:'],
    optional: true,
  }),
  mailFrom: setting.string('MAIL_FROM', {
    description: "Sender's address of notices; `{tenant}` in it is the tenant's id. Needed with a mail server.",
    pattern: /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+$/,
    allowed: 'an address, as name@example.com',
    optional: true,
  }),
  publicUrl: setting.url('PUBLIC_URL', {
    description: 'Where people reach the API: links of notices begin with it. Without it they lead to the console.',
    protocols: HTTP,
    optional: true,
  }),
  consoleUrl: setting.url('CONSOLE_URL', {
    description: 'Where people decide: the console that shows an approval at /approvals/{id}.',
    protocols: HTTP,
    optional: true,
  }),
  approvalStreamsPerTenant: setting.int('APPROVAL_STREAMS_PER_TENANT', {
    description: 'How many people of a tenant follow its approvals at once, by one instance.',
    default: 200,
    min: 1,
    max: 10_000,
  }),
});

export const sessionDefaults = defineSettings({
  sessionTtlSeconds: setting.int('SESSION_TTL_SECONDS', {
    description: 'Time a session is kept after its last use.',
    default: 86_400,
    min: 1,
  }),
  sessionEncryptionKeys: setting.secret('SESSION_ENCRYPTION_KEYS', {
    description:
      'Keys that seal the values of sessions in Redis: the first seals, every one opens. Without them values are plain; values that are not sealed do not open with them.',
    bytes: 32,
    several: true,
    optional: true,
  }),
  sessionMaxValueBytes: setting.int('SESSION_MAX_VALUE_BYTES', {
    description: 'Largest value of a session in bytes, as stored.',
    default: 262_144,
    min: 1,
    max: 16_777_216,
  }),
  sessionMaxBytes: setting.int('SESSION_MAX_BYTES', {
    description: 'Bytes that the keys and values of a session may have, as stored.',
    default: 4_194_304,
    min: 1,
    max: 67_108_864,
  }),
  sessionMaxKeys: setting.int('SESSION_MAX_KEYS', {
    description: 'Values that a session may have.',
    default: 1_000,
    min: 1,
    max: 10_000,
  }),
  agentMaxSessions: setting.int('AGENT_MAX_SESSIONS', {
    description: 'Sessions that an agent may have at once.',
    default: 10_000,
    min: 1,
  }),
});

export const llmSettings = defineSettings({
  llmServingUrl: setting.url('LLM_SERVING_URL', {
    description: 'OpenAI-compatible LLM serving; without it nodes that need a model fail.',
    protocols: HTTP,
    optional: true,
  }),
  llmServingToken: setting.secret('LLM_SERVING_TOKEN', {
    description: 'Bearer token for LLM serving.',
    optional: true,
  }),
  llmModel: setting.string('LLM_MODEL', {
    description: 'Model of agents that name none.',
    optional: true,
  }),
  llmEmbeddingModel: setting.string('LLM_EMBEDDING_MODEL', {
    description: 'Model of embeddings; without it what searches by meaning fails.',
    optional: true,
  }),
  modelTokensPerDay: setting.int('MODEL_TOKENS_PER_DAY', {
    description: 'Tokens of models that a tenant may use a day (UTC); 0: as many as it likes.',
    default: 0,
    min: 0,
  }),
  modelTokensPerExecution: setting.int('MODEL_TOKENS_PER_EXECUTION', {
    description: 'Tokens of models that an execution, with those below it, may use; 0: as many as it likes.',
    default: 0,
    min: 0,
  }),
  modelPrices: setting.list('MODEL_PRICES', {
    description: 'What a million tokens cost, as model=input/output; * is every model that is not named.',
    pattern: /^[^\s,]+=\d+(?:\.\d+)?\/\d+(?:\.\d+)?$/,
    allowed: 'model=input/output, parted by commas',
    optional: true,
  }),
  modelCostPerDay: setting.number('MODEL_COST_PER_DAY', {
    description: 'What models may cost a tenant a day (UTC), in the unit of the prices; 0: no limit.',
    default: 0,
    min: 0,
  }),
  modelCostPerExecution: setting.number('MODEL_COST_PER_EXECUTION', {
    description: 'What models may cost an execution, with those below it; 0: no limit.',
    default: 0,
    min: 0,
  }),
});

export const outgoingSettings = defineSettings({
  outgoingAllow: setting.list('OUTGOING_ALLOW', {
    description:
      'What tools may reach beside public addresses: host, *.suffix, address or range, each with or without :port.',
    pattern: /^[^\s/@]+(?:\/\d{1,3}(?::\d{1,5})?)?$/,
    allowed: 'hosts, addresses and ranges parted by commas',
    optional: true,
  }),
});

/** What `runService` itself reads; every app's definition holds it. */
export const serviceSettings = defineSettings({ ...httpSettings, ...loggingSettings, ...telemetrySettings });
export type ServiceSettings = typeof serviceSettings;

/** All settings there are, by the page's headings. */
export const SETTINGS_CATALOGUE: Readonly<Record<string, SettingsDefinition>> = {
  HTTP: httpSettings,
  Logs: loggingSettings,
  Telemetry: telemetrySettings,
  Tokens: authSettings,
  PostgreSQL: defineSettings({
    ...databaseSettings,
    ...relayDatabaseSettings,
    ...sweeperDatabaseSettings,
    ...migrationDatabaseSettings,
  }),
  Redis: redisSettings,
  Kafka: defineSettings({ ...kafkaSettings, ...topicSettings }),
  Temporal: temporalSettings,
  'Versions of workers': workerVersionSettings,
  'Routes of the gateway': routesSettings,
  Secrets: secretsSettings,
  Artifacts: defineSettings({ ...artifactSettings, ...artifactStorageSettings }),
  Housekeeping: housekeepingSettings,
  Executions: executionDefaults,
  Functions: defineSettings({ ...functionDefaults, ...handlerSettings }),
  'Circuit breakers': defineSettings({ ...breakerDefaults, ...sandboxSettings }),
  Approvals: defineSettings({ ...hitlDefaults, ...noticeSettings }),
  Sessions: sessionDefaults,
  'LLM serving': llmSettings,
  'Outgoing requests': outgoingSettings,
};
