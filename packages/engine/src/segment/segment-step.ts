import type { SegmentEnding, TriedVisit } from '../common/index.js';
import type { StepView } from '../workflow/graph/build-graph.js';
import { disposition } from '../workflow/plan/disposition.js';
import { own } from '../workflow/plan/own.js';
import type { NodePlan } from '../workflow/plan/plan.js';
import type { DueVisit, NodeResult, VisitOutcome } from '../workflow/plan/step.js';
import type { ExecutionRun } from '../workflow/run/execution-run.js';
import { limitedAtOnce } from '../workflow/run/limited-at-once.js';
import { isCancelled, runVisit } from '../workflow/run/run-visit.js';
import { siteKey, type Site } from '../workflow/run/site.js';
import type { JournalledVisit } from './desk.js';
import type { SegmentBook } from './segment-book.js';
import type { SegmentRuntime } from './segment-runtime.js';

/** Visits that are run side by side, and recorded together. */
const AT_ONCE = 100;

interface Job extends Site {
  planned: NodePlan;
  due: DueVisit;
}

/** One step's visits in a segment. */
export class SegmentStep {
  /** left to the workflow */
  readonly held: TriedVisit[] = [];
  /** an error that nothing takes */
  fatal: SegmentEnding | undefined;
  private readonly jobs: Job[];
  private readonly byKey: ReadonlyMap<string, Job>;
  private readonly outcomes = new Map<string, VisitOutcome>();
  /** those in the journal are not recorded again */
  private readonly journalled = new Set<string>();

  constructor(
    private readonly run: ExecutionRun,
    private readonly runtime: SegmentRuntime,
    private readonly records: SegmentBook,
    private readonly view: StepView,
    /** whether a visit may begin that is not in the journal; one always may */
    private readonly mayBegin: (first: boolean) => boolean,
    /** default: all */
    nodes: readonly string[] = Object.keys(view.book.due),
  ) {
    this.jobs = nodes.flatMap((node) => {
      const visits = own(view.book.due, node) ?? [];
      const planned = run.plan.nodes.get(node);
      if (!planned) throw new Error(`"${node}" is due, but is no node`);
      return visits.map((due) => ({ node, visit: due.visit, planned, due }));
    });
    this.byKey = new Map(this.jobs.map((job) => [siteKey(job), job]));
  }

  /** Visits that have neither ended nor are held. */
  get left(): number {
    return this.jobs.length - this.outcomes.size - this.held.length;
  }

  /** Those that come next. */
  get next(): Job[] {
    const isHeld = ({ node, visit }: Site): boolean =>
      this.held.some((held) => held.node === node && held.visit === visit);
    const waiting = this.jobs.filter((job) => !this.outcomes.has(siteKey(job)) && !isHeld(job));
    return waiting.slice(0, AT_ONCE);
  }

  /**
   * Takes how visits ended from the journal. What only computes does so again: it comes to the same. Where an error that
   * nothing takes is among them, the execution ended there: no other visit begins.
   * @returns whether there are any
   */
  know(ended: readonly JournalledVisit[]): boolean {
    for (const { status, output, error, ...site } of ended) {
      const key = siteKey(site);
      const job = this.byKey.get(key);
      this.journalled.add(key);
      this.outcomes.delete(key);
      if (!job || job.planned.node.type === 'transform') continue;
      if (status === 'completed') this.run.results.set(key, output);
      else if (error) this.failed(job, { kind: 'failed', error, open: error.code === 'CIRCUIT_OPEN' });
    }
    return ended.length > 0;
  }

  /** @returns how many visits it began, which others had not ended */
  async runSome(): Promise<number> {
    const { edges } = this.run.plan.definition;
    let begun = 0;
    await limitedAtOnce(
      this.next.map((job) => ({
        group: String(job.due.item?.edge ?? ''),
        limit: job.due.item ? edges[job.due.item.edge]?.max_concurrency : undefined,
        run: async () => {
          const known = this.journalled.has(siteKey(job));
          if (!known && (this.fatal || !this.mayBegin(begun === 0))) return;
          if (!known) begun++;
          await this.runOne(job);
        },
      })),
    );
    return begun;
  }

  endings(): (Site & { outcome: VisitOutcome })[] {
    return this.jobs.flatMap(({ node, visit }) => {
      const outcome = this.outcomes.get(siteKey({ node, visit }));
      return outcome ? [{ node, visit, outcome }] : [];
    });
  }

  /** Of a step in which every visit ended. */
  results(): NodeResult[] {
    const byNode = new Map<string, NodeResult>(
      Object.keys(this.view.book.due).map((node) => [node, { node, visits: [] }]),
    );
    for (const job of this.jobs) {
      const outcome = this.outcomes.get(siteKey(job));
      if (!outcome) throw new Error(`${siteKey(job)} has not ended`);
      byNode.get(job.node)?.visits.push({ ...job.due, outcome });
    }
    return [...byNode.values()];
  }

  private async runOne(job: Job): Promise<void> {
    const key = siteKey(job);
    const outcome = await runVisit(this.run, job.planned, job.due, this.view);
    const held = this.runtime.held.get(key);
    if (held || this.journalled.has(key)) this.records.drop(job);
    if (held) this.held.push(held);
    else if (outcome.kind === 'done') this.outcomes.set(key, outcome);
    else this.failed(job, outcome);
  }

  /** The first error that nothing takes counts; siblings that were told to stop for it do not. */
  private failed(job: Job, outcome: Failed): void {
    this.outcomes.set(siteKey(job), outcome);
    const { error } = outcome;
    if (this.fatal || error.code === 'CANCELLED') return;
    if (disposition(this.run.plan, job.node, { ...outcome, item: job.due.item }).kind !== 'fatal') return;
    this.fatal = isCancelled(job.planned, error) ? { kind: 'cancelled' } : { kind: 'failed', error };
    this.run.scope.cancel();
  }
}

type Failed = Extract<VisitOutcome, { kind: 'failed' }>;
