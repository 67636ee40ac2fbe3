import { setTimeout as sleep } from 'node:timers/promises';
import { type AccountName } from '../issuer/accounts.js';
import { mintToken } from '../issuer/mint-token.js';
import { identify, isAlive } from '../process/identity.js';
import { signal } from '../process/terminate.js';
import { type PlatformDatabase } from '../provision/platform-database.js';
import { provision } from '../provision/provision.js';
import { type Report, SERVICE_NAMES, type ServiceName, type Surroundings } from '../services/service.js';
import { addressesOf, findService } from '../services/services.js';
import { placesOf } from '../state/places.js';
import { choosePort } from '../state/ports.js';
import { Secrets } from '../state/secrets.js';
import { State } from '../state/state.js';
import { appPart } from './app-part.js';
import { APP_NAMES, type AppName, appSettings } from './app-settings.js';
import { childEnvironment } from './environment.js';
import { issuerPart } from './issuer-part.js';
import { endOldPrograms } from './leftovers.js';
import { type LocalFile, writeLocal } from './local-file.js';
import { urlOf } from './node-part.js';
import { type Part } from './part.js';
import { Supervisor } from './supervisor.js';
import { StartError } from '../start-error.js';

export type PartName = ServiceName | 'issuer' | AppName;

export interface SystemOptions {
  /** where it keeps data, logs and addresses; default: `.agf` in the repository */
  dataDir?: string;
  /** settings of the apps, over devstack's own */
  env?: Record<string, string>;
  /** apps that stay down until {@link System.startPart} */
  without?: readonly AppName[];
  report?: Report;
}

/** Settling of what was interrupted; a download does not notice. */
const INTERRUPTED_WITHIN_MS = 3000;

/**
 * The whole system on this machine: services, issuer, databases with their seeds, apps. What dies is started again.
 * Addresses and data survive {@link stop}; the next one with the same `dataDir` goes on with them.
 */
export class System {
  readonly around: Surroundings;
  private readonly parts = new Map<string, Part>();
  private readonly stopping = new AbortController();
  private readonly supervisor: Supervisor;
  private booting: Promise<void> | undefined;
  private warehouse = '';
  private platform = '';
  private settings: Record<string, string> = {};

  constructor(private readonly options: SystemOptions = {}) {
    const places = placesOf(options.dataDir);
    const report: Report = options.report ?? (() => undefined);
    this.around = { places, state: new State(places.state), secrets: new Secrets(places.secrets), report };
    this.supervisor = new Supervisor(report, this.stopping.signal);
  }

  /**
   * Starts everything; returns when every app is ready.
   * @throws when somebody else runs a system in this folder, or something does not start: {@link stop} then cleans up
   */
  boot(): Promise<void> {
    return (this.booting ??= this.start());
  }

  /** Starts the four services alone. */
  bootServices(): Promise<void> {
    return (this.booting ??= this.startServices());
  }

  /** what `local.json` says */
  local(): LocalFile {
    const apps = APP_NAMES.map((name): [AppName, LocalFile['apps'][AppName]] => [
      name,
      { url: urlOf(this.around, name), pid: this.around.state.process(name)?.pid ?? 0 },
    ]);
    return {
      gateway: urlOf(this.around, 'api-gateway'),
      issuer: urlOf(this.around, 'issuer'),
      ...addressesOf(this.around),
      postgres: this.platform,
      warehouse: this.warehouse,
      apps: Object.fromEntries(apps) as LocalFile['apps'],
    };
  }

  /** Everything that an app is told: for those who start it with their own hands. */
  environment(name: AppName): NodeJS.ProcessEnv {
    return childEnvironment({ ...this.settings, AUMOS_AGF_PORT: String(this.around.state.ports[name]) });
  }

  token(account: AccountName): Promise<string> {
    return mintToken(urlOf(this.around, 'issuer'), account);
  }

  /** Kills it (or stops, continues it: any signal). The supervisor starts again what ends, unless it is held by {@link stopPart}. */
  kill(name: PartName, how: NodeJS.Signals = 'SIGKILL'): void {
    signal(this.around.state.process(name), how);
  }

  /** Ends it gracefully; it stays down until {@link startPart}. */
  async stopPart(name: PartName): Promise<void> {
    this.supervisor.hold(name);
    await this.part(name).down();
  }

  /** Returns when it serves. */
  async startPart(name: PartName): Promise<void> {
    await this.part(name).up(this.stopping.signal);
    this.supervisor.release(name);
  }

  async restart(name: PartName): Promise<void> {
    await this.stopPart(name);
    await this.startPart(name);
  }

  /** @returns once it serves; @throws after `withinMs` */
  async serves(name: PartName, withinMs = 60_000): Promise<void> {
    for (const end = Date.now() + withinMs; Date.now() < end; await sleep(25))
      if (this.part(name).isUp() && (await this.part(name).serves())) return;
    throw new Error(`${name} does not serve within ${String(withinMs)} ms`);
  }

  /**
   * Ends everything gracefully: the gateway, the other apps, the issuer, the services.
   * @param keepServices leaves the services running; a later system with the same `dataDir` takes them over
   */
  async stop({ keepServices = false } = {}): Promise<void> {
    this.stopping.abort();
    await Promise.race([Promise.allSettled([this.booting]), sleep(INTERRUPTED_WITHIN_MS, undefined, { ref: false })]);
    await this.supervisor.ended();
    const rest = APP_NAMES.filter((name) => name !== 'api-gateway');
    await this.downAll(['api-gateway']);
    await this.downAll(rest);
    await this.downAll(['issuer']);
    if (!keepServices) await this.downAll(SERVICE_NAMES);
    if (this.around.state.supervisor?.pid === process.pid) this.around.state.setSupervisor(undefined);
  }

  private part(name: string): Part {
    const part = this.parts.get(name);
    if (!part) throw new Error(`${name} was not started`);
    return part;
  }

  private async downAll(names: readonly string[]): Promise<void> {
    await Promise.all(names.map(async (name) => this.parts.get(name)?.down()));
  }

  private takeOver(): void {
    const { state, places } = this.around;
    if (isAlive(state.supervisor) && state.supervisor.pid !== process.pid)
      throw new StartError(`process ${String(state.supervisor.pid)} runs a system in ${places.home} already`);
    state.setSupervisor(identify(process.pid));
  }

  private async startServices(): Promise<void> {
    this.takeOver();
    await Promise.all(SERVICE_NAMES.map((name) => this.startService(name)));
  }

  private async start(): Promise<void> {
    this.takeOver();
    const { state } = this.around;
    await endOldPrograms(this.around);
    for (const name of ['issuer', ...APP_NAMES]) await choosePort(state, name);
    const issuer = this.raise(issuerPart(this.around));
    const [databases] = await Promise.all([provision(this.around, (name) => this.startService(name)), issuer]);
    this.platform = databases.platform.admin;
    this.warehouse = databases.warehouse.admin;
    await this.startApps(databases.platform);
    this.announce();
    state.onProcess = () => {
      this.announce();
    };
  }

  private async startService(name: ServiceName): Promise<void> {
    const part = await findService(name, this.around);
    await this.raise(part, part.title);
  }

  private async startApps(database: PlatformDatabase): Promise<void> {
    const urls = Object.fromEntries(APP_NAMES.map((name) => [name, urlOf(this.around, name)])) as Record<
      AppName,
      string
    >;
    const settings = appSettings({
      addresses: addressesOf(this.around),
      database,
      issuer: urlOf(this.around, 'issuer'),
      urls,
      secretsKey: this.around.secrets.key('secrets_key'),
    });
    const { without = [], env } = this.options;
    this.settings = { ...settings, ...env };
    const apps = APP_NAMES.map((name) => appPart(this.around, name, this.settings));
    for (const app of apps) this.parts.set(app.name, app);
    const wanted = apps.filter(({ name }) => !without.includes(name as AppName));
    for (const app of apps) if (!wanted.includes(app)) this.supervisor.watch(app, { held: true });
    await Promise.all(wanted.map((app) => this.raise(app)));
  }

  private async raise(part: Part, shown = urlOf(this.around, part.name)): Promise<void> {
    const began = Date.now();
    this.parts.set(part.name, part);
    await part.up(this.stopping.signal);
    this.supervisor.watch(part);
    this.around.report(part.name, `ready in ${((Date.now() - began) / 1000).toFixed(1)} s (${shown})`);
  }

  private announce(): void {
    writeLocal(this.around.places.local, this.local());
  }
}

/** Starts a whole system; when that fails, what was started is ended. */
export async function startSystem(options: SystemOptions = {}): Promise<System> {
  const system = new System(options);
  try {
    await system.boot();
    return system;
  } catch (error) {
    await system.stop();
    throw error;
  }
}
