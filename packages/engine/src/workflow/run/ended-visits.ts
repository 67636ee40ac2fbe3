import { jsonSize, type Json } from '@aumos/agf-domain/runtime';
import type { StepRecord, VisitRecord } from '../../common/index.js';
import type { RejectedVisit } from '../plan/step.js';
import type { Progress, VisitBook } from './runtime.js';

/** What one activity takes along, unless a single record is larger. */
const BATCH_BYTES = 512 * 1024;
const VALUE_BYTES = 64 * 1024;
/** Work in the sandbox between two activities: a workflow task has two seconds, on a busy machine as well. */
const VISITS_AT_ONCE = 1_000;
const STEPS_AT_ONCE = 150;

interface Sized<T> {
  record: T;
  bytes: number;
}

const shortened = (value: Json): Json => {
  const bytes = jsonSize(value);
  return bytes <= VALUE_BYTES ? value : { truncated: true, bytes };
};

/** Visits that ended in the workflow, and its steps, waiting for an activity to take them along. */
export class EndedVisits implements VisitBook {
  private readonly waiting: Sized<VisitRecord>[] = [];
  private readonly steps: Sized<StepRecord>[] = [];
  private waitingBytes = 0;

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

  stepped(record: StepRecord): void {
    const bytes = jsonSize(record);
    this.steps.push({ record, bytes });
    this.waitingBytes += bytes;
  }

  get isEmpty(): boolean {
    return this.waiting.length + this.steps.length === 0;
  }

  /** More than one activity can carry, or so much that the workflow task should end here. */
  get overflows(): boolean {
    const { length } = this.waiting;
    return this.waitingBytes > BATCH_BYTES || length >= VISITS_AT_ONCE || this.steps.length >= STEPS_AT_ONCE;
  }

  /** Hands a batch to an activity; when that fails, the batch waits for the next one: recording is idempotent. */
  async carriedBy<T>(activity: (progress: Progress) => Promise<T>): Promise<T> {
    const visits = this.take(this.waiting);
    const steps = this.take(this.steps);
    const ended = visits.map(({ record }) => record);
    try {
      return await activity(steps.length > 0 ? { ended, steps: steps.map(({ record }) => record) } : { ended });
    } catch (error) {
      this.putBack(this.waiting, visits);
      this.putBack(this.steps, steps);
      throw error;
    }
  }

  private take<T>(from: Sized<T>[]): Sized<T>[] {
    let bytes = 0;
    let count = 0;
    for (const sized of from) {
      if (count === VISITS_AT_ONCE || (count > 0 && bytes + sized.bytes > BATCH_BYTES)) break;
      bytes += sized.bytes;
      count++;
    }
    this.waitingBytes -= bytes;
    return from.splice(0, count);
  }

  private putBack<T>(to: Sized<T>[], batch: Sized<T>[]): void {
    to.unshift(...batch);
    this.waitingBytes += batch.reduce((sum, { bytes }) => sum + bytes, 0);
  }
}
