import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import {
  defineSettings,
  loadSettings,
  Secret,
  setting,
  SETTINGS_CATALOGUE,
  SettingsError,
  type Environment,
} from '../src/index.js';
import { secretTexts } from '../src/config/settings.js';

const all = defineSettings(
  Object.assign({}, ...Object.values(SETTINGS_CATALOGUE)) as (typeof SETTINGS_CATALOGUE)[string],
);
const KEY = Buffer.alloc(32, 7).toString('base64');

/** The least environment in which every app starts. */
const REQUIRED = {
  AUMOS_AGF_OIDC_ISSUER: 'https://id.example/realms/aumos',
  AUMOS_AGF_DATABASE_URL: 'postgres://agf_app:hunter2-app@db:5432/agf',
  AUMOS_AGF_RELAY_DATABASE_URL: 'postgres://agf_relay:hunter2-relay@db:5432/agf',
  AUMOS_AGF_SWEEPER_DATABASE_URL: 'postgres://agf_sweeper:hunter2-sweeper@db:5432/agf',
  AUMOS_AGF_MIGRATION_DATABASE_URL: 'postgres://agf_owner:hunter2-owner@db:5432/agf',
  AUMOS_AGF_REDIS_URL: 'rediss://:hunter2-redis@redis:6379',
  AUMOS_AGF_KAFKA_BROKERS: 'kafka-1:9092, kafka-2:9092',
  AUMOS_AGF_TEMPORAL_SERVER_URL: 'temporal:7233',
  AUMOS_AGF_HITL_APPROVAL_URL: 'http://hitl-approval:3000',
  AUMOS_AGF_CIRCUIT_BREAKER_MONITOR_URL: 'http://circuit-breaker-monitor:3000',
  AUMOS_AGF_SECRETS_KEY: KEY,
};

/** Every setting: its default, another value as it is written, and as it is read. `required` stands for no default. */
const TABLE: [variable: string, byDefault: unknown, written: string, read: unknown][] = [
  ['HOST', '127.0.0.1', '0.0.0.0', '0.0.0.0'],
  ['PORT', 3000, '8080', 8080],
  ['BODY_LIMIT_BYTES', 1_048_576, '2048', 2048],
  ['SHUTDOWN_TIMEOUT_SECONDS', 25, '5', 5],
  ['VERSION', 'dev', '1.2.3', '1.2.3'],
  ['LOG_LEVEL', 'info', 'DEBUG', 'debug'],
  ['OTEL_ENDPOINT', undefined, 'http://otel:4318', 'http://otel:4318'],
  ['METRICS_PORT', undefined, '9464', 9464],
  ['OIDC_ISSUER', 'required', 'https://id.example', 'https://id.example'],
  ['OIDC_AUDIENCE', 'aumos-agent-framework', 'other', 'other'],
  ['OIDC_JWKS_URL', undefined, 'https://id.example/jwks', 'https://id.example/jwks'],
  ['OIDC_LEEWAY_SECONDS', 10, '60', 60],
  ['DATABASE_URL', 'required', 'postgresql://a@b/c', 'postgresql://a@b/c'],
  ['RELAY_DATABASE_URL', 'required', 'postgres://a@b/c', 'postgres://a@b/c'],
  ['SWEEPER_DATABASE_URL', 'required', 'postgres://a@b/c', 'postgres://a@b/c'],
  ['MIGRATION_DATABASE_URL', 'required', 'postgres://a@b/c', 'postgres://a@b/c'],
  ['REDIS_URL', 'required', 'redis://r:1', 'redis://r:1'],
  ['KAFKA_BROKERS', 'required', 'a:1,b:2', ['a:1', 'b:2']],
  ['KAFKA_TOPIC_PREFIX', '', 'test-', 'test-'],
  ['KAFKA_REPLICATION_FACTOR', 3, '1', 1],
  ['TEMPORAL_SERVER_URL', 'required', '[::1]:7233', '[::1]:7233'],
  ['TEMPORAL_NAMESPACE', 'aumos-agent-framework', 'n', 'n'],
  ['WORKER_DEPLOYMENT', undefined, 'agf', 'agf'],
  ['WORKER_BUILD_ID', undefined, '1.2.3', '1.2.3'],
  ['WORKER_BECOMES_CURRENT', true, 'off', false],
  ['HITL_APPROVAL_URL', 'required', 'https://h', 'https://h'],
  ['CIRCUIT_BREAKER_MONITOR_URL', 'required', 'https://c', 'https://c'],
  ['SECRETS_KEY', 'required', KEY, KEY],
  ['ARTIFACT_MAX_BYTES', 104_857_600, '10', 10],
  ['ARTIFACT_STORE', 'postgres', 's3', 's3'],
  ['ARTIFACT_S3_BUCKET', undefined, 'my-bucket', 'my-bucket'],
  ['ARTIFACT_S3_REGION', undefined, 'eu-central-1', 'eu-central-1'],
  ['ARTIFACT_S3_ENDPOINT', undefined, 'http://s3:9000', 'http://s3:9000'],
  ['ARTIFACT_S3_FORCE_PATH_STYLE', false, 'true', true],
  ['ARTIFACT_S3_ACCESS_KEY', undefined, 'key-of-it', 'key-of-it'],
  ['ARTIFACT_S3_SECRET_KEY', undefined, 'secret-of-it', 'secret-of-it'],
  ['RETENTION_DAYS_OUTBOX', 7, '30', 30],
  ['SANDBOX_TENANTS', undefined, '610be000-0000-4000-8000-000000000002', ['610be000-0000-4000-8000-000000000002']],
  ['RETENTION_DAYS_INBOX', 31, '8', 8],
  ['RETENTION_DAYS_NOTICES', 90, '32', 32],
  ['RETENTION_DAYS_APPROVAL_CHANGES', 14, '8', 8],
  ['RETENTION_DAYS_STATISTICS', 90, '32', 32],
  ['RETENTION_DAYS_INCOMPLETE_ARTIFACTS', 1, '2', 2],
  ['HOUSEKEEPING_INTERVAL_SECONDS', 3600, '60', 60],
  ['MAX_CONCURRENT_WORKFLOWS', 100, '7', 7],
  ['MAX_WORKFLOW_DEPTH', 10, '7', 7],
  ['WORKFLOW_TIMEOUT_SECONDS', 3600, '60', 60],
  ['NODES_TASK_QUEUE', 'agf-nodes-default', 'agf-nodes-data', 'agf-nodes-data'],
  ['WORKER_WAIT_SECONDS', 300, '20', 20],
  ['HANDLER_MODULES', undefined, 'a,b', ['a', 'b']],
  ['AGENT_MAX_PRIVILEGE_LEVEL', 5, '3', 3],
  ['CIRCUIT_BREAKER_FAILURE_THRESHOLD', 5, '2', 2],
  ['CIRCUIT_BREAKER_RESET_TIMEOUT_SECONDS', 60, '1', 1],
  ['CIRCUIT_BREAKER_HALF_OPEN_MAX_CALLS', 3, '1', 1],
  ['CIRCUIT_BREAKER_WINDOW_SECONDS', 60, '10', 10],
  ['CIRCUIT_BREAKER_FAILURE_RATE', undefined, '0.5', 0.5],
  ['CIRCUIT_BREAKER_SLOW_CALL_RATE', undefined, '0.25', 0.25],
  ['CIRCUIT_BREAKER_SLOW_CALL_SECONDS', 30, '0.5', 0.5],
  ['CIRCUIT_BREAKER_MINIMUM_CALLS', 20, '3', 3],
  ['CIRCUIT_BREAKER_IGNORED_ERRORS', undefined, 'LATE, GONE', ['LATE', 'GONE']],
  ['HITL_APPROVAL_TIMEOUT_HOURS', 24, '0.5', 0.5],
  ['HITL_AUTO_REJECT_ON_TIMEOUT', false, 'true', true],
  ['MAIL_SERVER_URL', undefined, 'smtp://mail:587', 'smtp://mail:587'],
  ['MAIL_FROM', undefined, 'approvals+{tenant}@example.com', 'approvals+{tenant}@example.com'],
  ['PUBLIC_URL', undefined, 'https://api.example', 'https://api.example'],
  ['CONSOLE_URL', undefined, 'https://console.example', 'https://console.example'],
  ['SESSION_TTL_SECONDS', 86_400, '60', 60],
  ['SESSION_ENCRYPTION_KEYS', undefined, `${KEY}, ${KEY}`, `${KEY},${KEY}`],
  ['SESSION_MAX_VALUE_BYTES', 262_144, '10', 10],
  ['SESSION_MAX_BYTES', 4_194_304, '10', 10],
  ['SESSION_MAX_KEYS', 1_000, '10', 10],
  ['AGENT_MAX_SESSIONS', 10_000, '10', 10],
  ['APPROVAL_STREAMS_PER_TENANT', 200, '3', 3],
  ['LLM_SERVING_URL', undefined, 'http://llm/v1', 'http://llm/v1'],
  ['LLM_SERVING_TOKEN', undefined, 'token-of-it', 'token-of-it'],
  ['LLM_MODEL', undefined, 'small', 'small'],
  ['LLM_EMBEDDING_MODEL', undefined, 'small', 'small'],
  ['MODEL_TOKENS_PER_DAY', 0, '10', 10],
  ['MODEL_TOKENS_PER_EXECUTION', 0, '10', 10],
  ['MODEL_PRICES', undefined, 'small=0.15/0.6, *=3/15', ['small=0.15/0.6', '*=3/15']],
  ['MODEL_COST_PER_DAY', 0, '0.5', 0.5],
  ['MODEL_COST_PER_EXECUTION', 0, '0.5', 0.5],
  ['OUTGOING_ALLOW', undefined, 'minio:9000, 10.0.0.0/8:443', ['minio:9000', '10.0.0.0/8:443']],
];

const keyOf = (name: string): string => {
  const found = Object.entries(all).find(([, each]) => each.name === name);
  if (!found) throw new Error(`there is no setting ${name}`);
  return found[0];
};
const readOf = (name: string, env: Environment): unknown => {
  const value = loadSettings(all, env)[keyOf(name)] as unknown;
  return value instanceof Secret ? value.reveal() : value;
};
const without = (name: string): Environment =>
  Object.fromEntries(Object.entries(REQUIRED).filter(([each]) => each !== `AUMOS_AGF_${name}`));
const problemsOf = (env: Environment, definition = all): readonly string[] => {
  try {
    loadSettings(definition, env);
  } catch (error) {
    return (error as SettingsError).problems;
  }
  return [];
};

describe('the catalogue', () => {
  it('is what the table tells', () => {
    expect(
      Object.values(all)
        .map((each) => each.name)
        .sort(),
    ).toEqual(TABLE.map(([name]) => name).sort());
  });

  it.each(TABLE)('AUMOS_AGF_%s has its default', (name, byDefault) => {
    if (byDefault === 'required')
      expect(problemsOf(without(name))).toEqual([expect.stringContaining(`AUMOS_AGF_${name}`)]);
    else expect(readOf(name, REQUIRED)).toEqual(byDefault);
  });

  it.each(TABLE)('AUMOS_AGF_%s is read from its variable', (name, _byDefault, written, read) => {
    expect(readOf(name, { ...REQUIRED, [`AUMOS_AGF_${name}`]: written })).toEqual(read);
  });

  it.each<[string, Record<string, string>, unknown]>([
    ['DATABASE_URL', { AUMOS_DATABASE__URL: 'postgresql://u@h/d' }, 'postgresql://u@h/d'],
    ['DATABASE_URL', { AUMOS_DATABASE__URL: 'postgresql+asyncpg://u@h/d' }, 'postgresql://u@h/d'],
    ['REDIS_URL', { AUMOS_REDIS__URL: 'redis://h:1/0' }, 'redis://h:1/0'],
    ['KAFKA_BROKERS', { AUMOS_KAFKA__BROKERS: 'k:9092' }, ['k:9092']],
    ['OIDC_ISSUER', { AUMOS_KEYCLOAK__URL: 'https://kc/', AUMOS_KEYCLOAK__REALM: 'aumos' }, 'https://kc/realms/aumos'],
    ['LOG_LEVEL', { AUMOS_LOG_LEVEL: 'WARN' }, 'warn'],
    ['OTEL_ENDPOINT', { AUMOS_OTEL_ENDPOINT: 'http://otel:4318' }, 'http://otel:4318'],
  ])('%s falls back to %j', (name, platform, read) => {
    expect(readOf(name, { ...without(name), ...platform })).toEqual(read);
    const own =
      { LOG_LEVEL: 'error', KAFKA_BROKERS: 'own:1', REDIS_URL: 'redis://own', OTEL_ENDPOINT: 'http://own' }[name] ??
      TABLE.find(([each]) => each === name)?.[2];
    expect(readOf(name, { ...REQUIRED, ...platform, [`AUMOS_AGF_${name}`]: own })).not.toEqual(read);
  });

  it('a realm without a Keycloak is no issuer', () => {
    expect(problemsOf({ ...without('OIDC_ISSUER'), AUMOS_KEYCLOAK__REALM: 'aumos' })).toHaveLength(1);
  });
});

describe('loading', () => {
  it('names every problem at once', () => {
    const env = {
      ...without('REDIS_URL'),
      AUMOS_AGF_PORT: '70000',
      AUMOS_AGF_LOG_LEVEL: 'loud',
      AUMOS_KAFKA__BROKERS: 'nonsense',
      AUMOS_AGF_KAFKA_BROKERS: '',
    };
    expect(problemsOf(env)).toEqual([
      'AUMOS_AGF_PORT: expected a whole number from 0 to 65535, got "70000"',
      expect.stringMatching(/^AUMOS_AGF_LOG_LEVEL: expected one of trace, .*, got "loud"$/),
      expect.stringMatching(/^AUMOS_AGF_REDIS_URL or AUMOS_REDIS__URL: missing, expected a URL/),
      'AUMOS_KAFKA__BROKERS: expected host:port, parted by commas, got "nonsense"',
    ]);
  });

  it('never repeats what is secret', () => {
    const env = {
      ...REQUIRED,
      AUMOS_AGF_DATABASE_URL: 'mysql://root:hunter2@db',
      AUMOS_AGF_SECRETS_KEY: 'aHVudGVyMg==',
      AUMOS_AGF_REDIS_URL: 'hunter2',
    };
    expect(problemsOf(env)).toHaveLength(3);
    expect(problemsOf(env).join()).not.toMatch(/hunter2|aHVudGVyMg/);
  });

  it('takes several keys only where there may be several, and each whole', () => {
    const problems = (name: string, keys: string): number =>
      problemsOf({ ...REQUIRED, [`AUMOS_AGF_${name}`]: keys }).length;
    expect(problems('SECRETS_KEY', `${KEY},${KEY}`)).toBe(1);
    for (const keys of [`${KEY},`, `${KEY},c2hvcnQ=`, `${KEY};${KEY}`, ','])
      expect(problems('SESSION_ENCRYPTION_KEYS', keys)).toBe(1);
    const env = { ...REQUIRED, AUMOS_AGF_SESSION_ENCRYPTION_KEYS: `${KEY},${'A'.repeat(43)}=` };
    expect(secretTexts(loadSettings(all, env))).toContain(`${'A'.repeat(43)}=`);
  });

  it('keeps a secret out of JSON, texts and inspections', () => {
    const { secretsKey } = loadSettings(all, REQUIRED) as { secretsKey: Secret };
    expect(
      `${JSON.stringify({ secretsKey })} ${String(secretsKey)} ${inspect({ secretsKey }, { depth: 9, showHidden: true })}`,
    ).not.toContain(KEY);
    expect(secretsKey.bytes()).toHaveLength(32);
  });

  it('tells the log which texts are secret', () => {
    const texts = secretTexts(loadSettings(all, REQUIRED));
    expect(texts).toEqual(
      expect.arrayContaining([
        KEY,
        'hunter2-app',
        'hunter2-relay',
        'hunter2-sweeper',
        'hunter2-owner',
        'hunter2-redis',
      ]),
    );
  });

  it('freezes what it gives', () => {
    const settings = loadSettings(all, REQUIRED);
    expect(() => Object.assign(settings, { port: 1 })).toThrow(TypeError);
  });

  it('takes an empty variable for one that is not set', () => {
    expect(readOf('PORT', { ...REQUIRED, AUMOS_AGF_PORT: '  ' })).toBe(3000);
    expect(problemsOf({ ...REQUIRED, AUMOS_AGF_REDIS_URL: '' })).toHaveLength(1);
  });

  it.each([
    ['PORT', ['-1', '1.5', '0x10', '1e3', 'abc', '99999', 'NaN', '9007199254740993']],
    ['HITL_AUTO_REJECT_ON_TIMEOUT', ['maybe', '2']],
    ['AGENT_MAX_PRIVILEGE_LEVEL', ['0', '6']],
    ['OIDC_LEEWAY_SECONDS', ['61', '-1']],
    ['OIDC_ISSUER', ['id.example', 'ftp://id.example', 'javascript:alert(1)']],
    [
      'SECRETS_KEY',
      ['short', Buffer.alloc(31).toString('base64'), Buffer.alloc(33).toString('base64'), '='.repeat(44)],
    ],
    ['KAFKA_TOPIC_PREFIX', ['a b', 'x'.repeat(61)]],
    ['KAFKA_BROKERS', [',', 'a', 'a:b', 'a:1,b']],
    ['TEMPORAL_SERVER_URL', ['http://temporal:7233', 'temporal']],
    ['ARTIFACT_STORE', ['disk']],
  ])('%s refuses nonsense', (name, values) => {
    for (const value of values)
      expect({ value, problems: problemsOf({ ...REQUIRED, [`AUMOS_AGF_${name}`]: value }).length }).toEqual({
        value,
        problems: 1,
      });
  });

  it.each([
    ['yes', true],
    ['ON', true],
    ['0', false],
    ['off', false],
  ])('%s is a truth value', (written, read) => {
    expect(readOf('HITL_AUTO_REJECT_ON_TIMEOUT', { ...REQUIRED, AUMOS_AGF_HITL_AUTO_REJECT_ON_TIMEOUT: written })).toBe(
      read,
    );
  });
});

describe('defining', () => {
  it('refuses two settings of one name, and a name that is not upper case', () => {
    const one = setting.int('ONE', { description: '', default: 1 });
    expect(() => defineSettings({ a: one, b: one })).toThrow('two settings are called ONE');
    expect(() => defineSettings({ a: setting.int('one', { description: '' }) })).toThrow('not upper case');
  });

  it('types what is optional, enumerated and required', () => {
    const definition = defineSettings({
      maybe: setting.string('MAYBE', { description: '', optional: true }),
      color: setting.enum('COLOR', { description: '', values: ['red', 'blue'], default: 'red' }),
      count: setting.number('COUNT', { description: '' }),
    });
    const { maybe, color, count } = loadSettings(definition, { AUMOS_AGF_COUNT: '-2.5' });
    const typed: [string | undefined, 'red' | 'blue', number] = [maybe, color, count];
    expect(typed).toEqual([undefined, 'red', -2.5]);
  });
});
