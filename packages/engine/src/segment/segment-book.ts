import type { StepRecord, VisitRecord } from '../common/index.js';
import type { RejectedVisit } from '../workflow/plan/step.js';
import type { Progress, VisitBook } from '../workflow/run/runtime.js';
import { siteKey, type Site } from '../workflow/run/site.js';

/** The visits of a segment that nobody recorded yet. */
export class SegmentBook implements VisitBook {
  private visits = new Map<string, VisitRecord>();
  readonly overflows = false;

  add(record: VisitRecord): void {
    this.visits.set(siteKey(record), record);
  }

  /** Not of a call that was made: what it came to stays in the journal. */
  reject({ error, ...site }: RejectedVisit): void {
    const record = this.visits.get(siteKey(site));
    if (record?.type === 'transform')
      this.visits.set(siteKey(site), { ...record, status: 'failed', output: null, error });
  }

  /** It is not to be recorded. */
  drop(site: Site): void {
    this.visits.delete(siteKey(site));
  }

  stepped(_step: StepRecord): void {
    throw new Error('A segment records its steps itself');
  }

  get isEmpty(): boolean {
    return this.visits.size === 0;
  }

  carriedBy<T>(activity: (progress: Progress) => Promise<T>): Promise<T> {
    return activity({ ended: [] });
  }

  take(): VisitRecord[] {
    const taken = [...this.visits.values()];
    this.visits = new Map();
    return taken;
  }
}
