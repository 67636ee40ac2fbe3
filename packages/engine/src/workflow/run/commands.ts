import type { ControlCommand, SignalCommand } from '../../common/index.js';
import { SignalBox, type KeptSignals } from './signal-box.js';

/** Deliveries come one after the other, so only the latest are repeated. */
const REMEMBERED = 2_000;

/** Plain JSON, for the run that continues this one. */
export interface CommandsKept {
  signals: KeptSignals;
  paused: boolean;
  /** ids of the latest commands, oldest first */
  taken: string[];
}

/** What an execution is told while it runs. A command is taken once, however often it is delivered. */
export class Commands {
  readonly signals: SignalBox;
  /** told when an execution is paused, or goes on */
  onPause: (paused: boolean) => void = () => undefined;
  private isPaused: boolean;
  private readonly taken: Set<string>;

  constructor(kept: CommandsKept = { signals: {}, paused: false, taken: [] }) {
    this.signals = new SignalBox(kept.signals);
    this.isPaused = kept.paused;
    this.taken = new Set(kept.taken);
  }

  get paused(): boolean {
    return this.isPaused;
  }

  signal({ id, name, payload }: SignalCommand): void {
    if (this.isNew(id)) this.signals.deliver(name, payload);
  }

  pause({ id }: ControlCommand): void {
    if (this.isNew(id)) this.become(true);
  }

  resume({ id }: ControlCommand): void {
    if (this.isNew(id)) this.become(false);
  }

  export(): CommandsKept {
    return { signals: this.signals.export(), paused: this.isPaused, taken: [...this.taken] };
  }

  private become(paused: boolean): void {
    if (this.isPaused === paused) return;
    this.isPaused = paused;
    this.onPause(paused);
  }

  private isNew(id: string): boolean {
    if (this.taken.has(id)) return false;
    this.taken.add(id);
    for (const oldest of this.taken) {
      if (this.taken.size <= REMEMBERED) break;
      this.taken.delete(oldest);
    }
    return true;
  }
}
