import { jsonSize, type Json } from '@aumos/agf-domain/runtime';
import type { SegmentCall, SegmentEnd, SegmentReached, StepRecord } from '../common/index.js';
import type { StepView } from '../workflow/graph/build-graph.js';
import { commitStep } from '../workflow/plan/commit-step.js';
import { isLocalStep } from '../workflow/plan/local-step.js';
import { own } from '../workflow/plan/own.js';
import type { NodeResult } from '../workflow/plan/step.js';
import { applyAll, ordered } from '../workflow/plan/step-writes.js';
import { ExecutionRun } from '../workflow/run/execution-run.js';
import { stepRecord } from '../workflow/run/step-record.js';
import { compiledPlan } from './compiled-plan.js';
import type { SegmentDesk } from './desk.js';
import { SegmentBook } from './segment-book.js';
import { SegmentRuntime } from './segment-runtime.js';
import { SegmentStep } from './segment-step.js';

/** What one segment does before the workflow hears of it: then it takes signals, and what it was told is in its history. */
const LIMITS = { ms: 1_000, visits: 2_000, bytes: 1_000_000 };

/**
 * Runs steps of local nodes one after the other: each is in the journal before the next begins, so that none that ended
 * runs again after a crash. Everything that decides is the workflow's own code.
 * @throws what the desk throws, when the journal or a breaker cannot be reached: to be tried again
 */
export async function runSegment(call: SegmentCall, desk: SegmentDesk): Promise<SegmentReached> {
  const segment = new Segment(call, desk);
  try {
    return await segment.run();
  } finally {
    await segment.runtime.reported();
  }
}

class Segment {
  readonly runtime: SegmentRuntime;
  private readonly records = new SegmentBook();
  private readonly execution: ExecutionRun;
  /** from when on a visit ran that was not in the journal */
  private since: number | undefined;
  private readonly writes = new Map<string, Json[]>();
  private view: StepView;
  private visits = 0;
  private bytes = 0;
  /** what the workflow handed over is recorded with the first visits */
  private before: Pick<SegmentCall, 'ended' | 'steps'>;
  /** a visit of the last step was in the journal already: so may those of the next one be */
  private again = true;

  constructor(
    private readonly call: SegmentCall,
    private readonly desk: SegmentDesk,
  ) {
    const { start, ref, state, book, done = [], ended, steps } = call;
    this.runtime = new SegmentRuntime(desk);
    this.view = { state, book };
    this.before = { ended, ...(steps ? { steps } : {}) };
    const shared = { ref, runtime: this.runtime, visits: this.records };
    this.execution = new ExecutionRun({ ...start, resume: { ...this.view, done } }, compiledPlan(start), shared);
  }

  async run(): Promise<SegmentReached> {
    for (;;) {
      const end = await this.step();
      if (end) return this.reached(end);
      if (this.spent || !isLocalStep(this.execution.plan, this.view.book.due, false))
        return this.reached({ kind: 'step' });
    }
  }

  private get spent(): boolean {
    const late = this.since !== undefined && Date.now() - this.since >= LIMITS.ms;
    return late || this.visits >= LIMITS.visits || this.bytes >= LIMITS.bytes;
  }

  private mayBegin(first: boolean): boolean {
    this.since ??= Date.now();
    return first || !this.spent;
  }

  /** @returns how the segment ends, where the step is not the last of it */
  private async step(): Promise<SegmentEnd | undefined> {
    const { only, ref } = this.call;
    const step = new SegmentStep(
      this.execution,
      this.runtime,
      this.records,
      this.view,
      (first) => this.mayBegin(first),
      only,
    );
    while (step.left > 0) {
      if (this.again) this.again = step.know(await this.desk.ended(ref, step.next));
      this.visits += await step.runSome();
      if (this.runtime.fault) {
        await this.record();
        throw this.runtime.fault;
      }
      if (step.fatal) return this.over(step.fatal);
      const last = step.left === 0 && step.held.length === 0 && !only;
      if (!last && step.know(await this.record())) this.again = true;
      if (step.left > 0 && this.spent) return { kind: 'step' };
    }
    if (step.held.length > 0 || only) return { kind: 'held', ended: step.endings(), tried: step.held };
    return this.commit(step.results());
  }

  private async commit(results: NodeResult[]): Promise<SegmentEnd | undefined> {
    const { plan, expressionScope } = this.execution;
    const { state, book } = this.view;
    const commit = commitStep(plan, expressionScope, state, book, results);
    for (const visit of commit.rejected) this.records.reject(visit);
    if (commit.kind === 'failed') return this.over({ kind: 'failed', error: commit.error });
    const record = stepRecord(commit);
    const others = await this.record(record);
    // Somebody else ran the same step: what they recorded is what happened.
    if (others.length > 0) throw new Error('Another run of the segment was faster');
    this.take(commit.book, record);
    return undefined;
  }

  private take(book: StepView['book'], { writes }: StepRecord): void {
    const { channels } = this.execution.plan;
    let { state } = this.view;
    for (const [channel, values] of Object.entries(writes)) {
      const replaces = (own(channels, channel)?.reducer ?? 'replace') === 'replace';
      this.writes.set(channel, replaces ? values.slice(-1) : [...(this.writes.get(channel) ?? []), ...values]);
      this.bytes += jsonSize(values);
      state = applyAll(channels, state, new Map([[channel, ordered(values)]]));
    }
    this.view = { state, book };
  }

  private async over(ending: Extract<SegmentEnd, { kind: 'over' }>['ending']): Promise<SegmentEnd> {
    await this.record();
    return { kind: 'over', ending };
  }

  private async record(committed?: StepRecord): ReturnType<SegmentDesk['record']> {
    const visits = this.records.take().map((visit) => this.runtime.called(visit));
    const { ended, steps = [] } = this.before;
    this.before = { ended: [] };
    if (visits.length + ended.length + steps.length === 0 && !committed) return [];
    return this.desk.record({
      ref: this.call.ref,
      ended,
      visits,
      steps: committed ? [...steps, committed] : steps,
    });
  }

  private reached(end: SegmentEnd): SegmentReached {
    const { book } = this.view;
    const { due: compensations } = this.execution.compensations;
    return { book, writes: Object.fromEntries(this.writes), compensations, spent: this.spent, end };
  }
}
