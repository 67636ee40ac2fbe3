import { type ProcessIdentity } from '../process/identity.js';
import { readJson, writeJson } from './json-file.js';

interface Remembered {
  supervisor?: ProcessIdentity;
  /** by port name */
  ports: Record<string, number>;
  /** by service or app name */
  processes: Record<string, ProcessIdentity>;
  /** services that run in containers */
  containers?: string[];
}

/** What a system must find again after its supervisor was killed: written at every change, by the supervisor alone. */
export class State {
  private readonly remembered: Remembered;
  /** told when a process began or ended on purpose */
  onProcess: () => void = () => undefined;

  constructor(private readonly file: string) {
    this.remembered = (readJson(file) as Remembered | undefined) ?? { ports: {}, processes: {} };
  }

  get ports(): Readonly<Record<string, number>> {
    return this.remembered.ports;
  }

  get supervisor(): ProcessIdentity | undefined {
    return this.remembered.supervisor;
  }

  get processes(): Readonly<Record<string, ProcessIdentity>> {
    return this.remembered.processes;
  }

  get containers(): readonly string[] {
    return this.remembered.containers ?? [];
  }

  process(name: string): ProcessIdentity | undefined {
    return this.remembered.processes[name];
  }

  setPort(name: string, port: number): void {
    this.remembered.ports[name] = port;
    this.save();
  }

  setProcess(name: string, process: ProcessIdentity | undefined): void {
    if (process) this.remembered.processes[name] = process;
    else delete this.remembered.processes[name];
    this.save();
    this.onProcess();
  }

  setContainer(name: string, runs: boolean): void {
    const others = this.containers.filter((each) => each !== name);
    this.remembered.containers = runs ? [...others, name] : others;
    this.save();
  }

  setSupervisor(process: ProcessIdentity | undefined): void {
    if (process) this.remembered.supervisor = process;
    else delete this.remembered.supervisor;
    this.save();
  }

  private save(): void {
    writeJson(this.file, this.remembered, 0o600);
  }
}
