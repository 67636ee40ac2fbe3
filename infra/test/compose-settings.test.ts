import {
  JAVA_FLAGS,
  POSTGRES_ADMIN,
  POSTGRES_INITDB,
  type ServiceName,
  System,
  type Surroundings,
  composeVariables,
  kafkaProperties,
  postgres,
  redis,
  temporal,
} from '@aumos/agf-devstack';
import { afterAll, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'yaml';

/** value by name; a flag has an empty one */
type Settings = Record<string, string>;

interface Container {
  command?: string[];
  environment?: Settings;
  ports: string[];
}
interface Compose {
  services: Record<ServiceName, Container>;
}

const INSIDE = 'inside a container: its network and its folders are its own';
const ADDRESS = 'a published port reaches the container by its own address, not by its loopback';

/** What is given on one side only, or must not be the same, and why. Everything else has to be equal. */
const DIFFERENCES: Record<ServiceName, Settings> = {
  postgres: {
    '-D': INSIDE,
    '-p': INSIDE,
    '-c listen_addresses': `${ADDRESS}; the image listens everywhere`,
    '-c unix_socket_directories': "the image's own start and the health check use the socket",
  },
  redis: {
    '--port': INSIDE,
    '--dir': INSIDE,
    '--bind': `${ADDRESS}; the image listens everywhere`,
    '--daemonize': 'it stays in front by default',
  },
  kafka: {
    listeners: ADDRESS,
    'controller.quorum.voters': INSIDE,
    'log.dirs': INSIDE,
    '-Dorg.slf4j.simpleLogger.defaultLogLevel': 'the image logs with Log4j, and to Docker',
  },
  temporal: {
    '--ip': ADDRESS,
    '--ui-ip': `${ADDRESS}; it follows --ip`,
    '--port': INSIDE,
    '--ui-port': INSIDE,
    '--http-port': INSIDE,
    '--metrics-port': INSIDE,
    '--db-filename': INSIDE,
  },
};

/** `--name value`, `--name=value`, `name=value`, `--name` or `name`; of `-c name=value` the name is `-c name`. */
function settingsOf(args: readonly string[]): Settings {
  const settings: Settings = {};
  const set = (name: string, value: string): void => {
    if (name in settings) throw new Error(`${name} is given twice`);
    settings[name] = value;
  };
  for (let i = 0; i < args.length; i++) {
    const [option = '', ...inline] = (args[i] ?? '').split('=');
    const next = args[i + 1];
    if (inline.length || !option.startsWith('-') || next === undefined || next.startsWith('-')) {
      set(option, inline.join('='));
      continue;
    }
    i++;
    const [name = '', ...rest] = next.split('=');
    if (rest.length) set(`${option} ${name}`, rest.join('='));
    else set(option, next);
  }
  return settings;
}

const home = mkdtempSync(path.join(tmpdir(), 'agf-compose-'));
const ports = [...postgres.ports, ...redis.ports, 'kafka', 'kafka_controller', ...temporal.ports];

/** A system that is never started. */
function prepared(): Surroundings {
  const { around } = new System({ dataDir: home });
  for (const [i, name] of ports.entries()) around.state.setPort(name, 20_000 + i);
  // PostgreSQL's data is there, so nothing is run to make it.
  mkdirSync(path.join(home, 'data/postgres/data'), { recursive: true });
  writeFileSync(path.join(home, 'data/postgres/data/PG_VERSION'), '18');
  return around;
}

const around = prepared();

/** Of a service's command line, without the program. */
async function argsOf(service: typeof postgres): Promise<readonly string[]> {
  return (await service.command(around, { title: service.name, path: 'program' })).args;
}

/** What devstack runs. */
const DEVSTACK: Record<ServiceName, () => Promise<Settings>> = {
  async postgres() {
    const args = await argsOf(postgres);
    return {
      // Before it stands who runs it.
      ...settingsOf(args.slice(args.indexOf('-D'))),
      ...settingsOf(POSTGRES_INITDB),
      POSTGRES_USER: POSTGRES_ADMIN,
      POSTGRES_PASSWORD: around.secrets.password('postgres_admin'),
      POSTGRES_DB: 'postgres',
    };
  },
  redis: async () => settingsOf(await argsOf(redis)),
  kafka: async () => ({
    ...settingsOf(kafkaProperties(around).trim().split('\n')),
    ...settingsOf(JAVA_FLAGS),
  }),
  temporal: async () => settingsOf(await argsOf(temporal)),
};

const variables = composeVariables(around);
const text = readFileSync(path.resolve(import.meta.dirname, '../compose.yaml'), 'utf8');
const VARIABLE = /(?<!\$)\$\{(\w+)(?::[-?]([^}]*))?\}/g;
const { services } = parse(text.replaceAll(VARIABLE, (whole, name: string) => variables[name] ?? whole)) as Compose;

/** What the compose file runs. */
function composed(name: ServiceName): Settings {
  const { command = [], environment = {} } = services[name];
  const settings = settingsOf(['postgres', 'redis'].includes(name) ? command.slice(1) : command);
  for (const [variable, value] of Object.entries(environment)) {
    if (variable === 'POSTGRES_INITDB_ARGS' || /^KAFKA_(HEAP|JVM_PERFORMANCE)_OPTS$/.test(variable))
      Object.assign(settings, settingsOf(value.trim().split(/\s+/)));
    else if (name === 'kafka') settings[variable.replace('KAFKA_', '').toLowerCase().replaceAll('_', '.')] = value;
    else settings[variable] = value;
  }
  return settings;
}

const NAMES = Object.keys(DEVSTACK) as ServiceName[];

const without = (settings: Settings, names: object): Settings =>
  Object.fromEntries(Object.entries(settings).filter(([name]) => !(name in names)));

afterAll(() => {
  rmSync(home, { recursive: true });
});

describe('compose file beside devstack', () => {
  it('runs the same services; databases, roles, topics and the issuer are made by the same code for both', () => {
    expect(Object.keys(services).sort()).toEqual([...NAMES].sort());
  });

  it.each(NAMES)('gives %s the same settings', async (name) => {
    const differences = DIFFERENCES[name];
    expect(without(composed(name), differences)).toEqual(without(await DEVSTACK[name](), differences));
  });

  it.each(NAMES)('lists no difference of %s that is none', async (name) => {
    const [own, other] = [await DEVSTACK[name](), composed(name)];
    expect(Object.keys(DIFFERENCES[name]).filter((setting) => own[setting] === other[setting])).toEqual([]);
  });

  it.each(NAMES)('gives %s settings by its command and its environment only', (name) => {
    const known = ['image', 'command', 'environment', 'ports', 'volumes', 'healthcheck', 'restart'];
    expect(Object.keys(services[name]).filter((key) => !known.includes(key))).toEqual([]);
  });

  it('publishes the ports that devstack chose', () => {
    const chosen = around.state.ports;
    const at = (name: string, inside = chosen[name]): string => `127.0.0.1:${String(chosen[name])}:${String(inside)}`;
    expect(Object.fromEntries(NAMES.map((name) => [name, services[name].ports]))).toEqual({
      postgres: [at('postgres', 5432)],
      redis: [at('redis', 6379)],
      kafka: [at('kafka')],
      temporal: [at('temporal', 7233), at('temporal_ui', 8233)],
    });
  });

  it('leaves open only what devstack fills in, with its administrator for those who fill in nothing', () => {
    const open = [...text.matchAll(VARIABLE)].map(([, name = '', usual]) => ({ name, usual }));
    expect(open.filter(({ name }) => !(name in variables))).toEqual([]);
    expect(open.find(({ name }) => name === 'AGF_POSTGRES_USER')?.usual).toBe(POSTGRES_ADMIN);
  });
});
