import { setTimeout as sleep } from 'node:timers/promises';
import { type EndedRun, type PlatformDatabase } from '../system/platform-database.js';

/** Looks at the rows: what is measured is what they say themselves. */
const LOOK_MS = 4;

/** Waits for the ends of executions: one look at all of them, however many there are, so that looking costs little. */
export class EndWatch {
  private readonly waiting = new Map<
    string,
    { resolve: (ended: EndedRun) => void; reject: (error: unknown) => void }
  >();
  private looking = false;

  constructor(private readonly database: PlatformDatabase) {}

  until(executionId: string): Promise<EndedRun> {
    return new Promise((resolve, reject) => {
      this.waiting.set(executionId, { resolve, reject });
      if (!this.looking) void this.look();
    });
  }

  private async look(): Promise<void> {
    this.looking = true;
    try {
      while (this.waiting.size > 0) {
        for (const ended of await this.database.ended([...this.waiting.keys()])) {
          this.waiting.get(ended.id)?.resolve(ended);
          this.waiting.delete(ended.id);
        }
        await sleep(LOOK_MS);
      }
    } catch (error) {
      for (const { reject } of this.waiting.values()) reject(error);
      this.waiting.clear();
    } finally {
      this.looking = false;
    }
  }
}
