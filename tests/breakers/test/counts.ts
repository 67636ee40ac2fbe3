import type { SeedRun } from './drive/run-seed.js';
import type { Stored } from './oracle/stored.js';

/** What was done in all seeds, and what happened in them. */
export class Counts {
  readonly all: Record<string, number> = {};

  add({ plan, told }: SeedRun, { history, events }: Stored): void {
    for (const fault of plan.faults) this.more(`${fault.on}: ${fault.what}`);
    for (const { admission, reported } of told.calls) {
      this.more(admission.admitted ? 'calls admitted' : 'calls refused');
      if (admission.degraded) this.more('calls while Redis was away');
      if (admission.admitted && !reported) this.more('callers crashed');
    }
    this.more('failures of bursts', told.counted.length);
    for (const { to_state, reason } of history) {
      if (to_state === 'open') this.more('opened');
      this.more(`transitions: ${reason}`);
    }
    this.more('events on Kafka', events.length);
  }

  private more(what: string, by = 1): void {
    this.all[what] = (this.all[what] ?? 0) + by;
  }
}
