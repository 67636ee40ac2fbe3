import { jsonSize, type Json } from '@aumos/agf-domain/runtime';
import type { VisitRecord } from '../../common/index.js';
import type { RejectedVisit } from '../plan/step.js';
import type { VisitBook } from './runtime.js';

/** A payload of Temporal's holds 2 MiB; the rest of a call's arguments needs its share. */
const BATCH_BYTES = 512 * 1024;
const VALUE_BYTES = 64 * 1024;
/** Work in the sandbox between two activities: a workflow task has two seconds, on a busy machine as well. */
const VISITS_AT_ONCE = 1_000;
const STEPS_AT_ONCE = 150;

interface Sized {
  record: VisitRecord;
  bytes: number;
}

const shortened = (value: Json): Json => {
  const bytes = jsonSize(value);
  return bytes <= VALUE_BYTES ? value : { truncated: true, bytes };
};

/** Visits that ended in the workflow, waiting for an activity to take them along. */
export class EndedVisits implements VisitBook {
  private waiting: Sized[] = [];
  private waitingBytes = 0;
  private steps = 0;

  add(record: VisitRecord, recorded: boolean): void {
    if (recorded) return;
    const short = { ...record, input: shortened(record.input), output: shortened(record.output) };
    const bytes = jsonSize(short);
    this.waiting.push({ record: short, bytes });
    this.waitingBytes += bytes;
  }

  /** The visit's work was done, but the step refused its writes; too late for a record that is on its way. */
  reject({ node, visit, error }: RejectedVisit): void {
    const found = this.waiting.find(({ record }) => record.visit === visit && record.node === node);
    if (found) found.record = { ...found.record, status: 'failed', output: null, error };
  }

  /** A step ended. */
  stepped(): void {
    this.steps++;
  }

  /** More than one activity can carry, or so much that the workflow task should end here. */
  get overflows(): boolean {
    const { length } = this.waiting;
    return this.waitingBytes > BATCH_BYTES || length >= VISITS_AT_ONCE || (length > 0 && this.steps >= STEPS_AT_ONCE);
  }

  /** Hands a batch to an activity; when that fails, the batch waits for the next one: recording is idempotent. */
  async carriedBy<T>(activity: (ended: VisitRecord[]) => Promise<T>): Promise<T> {
    const batch = this.take();
    try {
      return await activity(batch.map(({ record }) => record));
    } catch (error) {
      this.waiting.unshift(...batch);
      this.waitingBytes += batch.reduce((sum, { bytes }) => sum + bytes, 0);
      throw error;
    }
  }

  private take(): Sized[] {
    this.steps = 0;
    let bytes = 0;
    let count = 0;
    for (const sized of this.waiting) {
      if (count === VISITS_AT_ONCE || (count > 0 && bytes + sized.bytes > BATCH_BYTES)) break;
      bytes += sized.bytes;
      count++;
    }
    this.waitingBytes -= bytes;
    return this.waiting.splice(0, count);
  }
}
