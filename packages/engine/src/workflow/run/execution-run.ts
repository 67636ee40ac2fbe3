import { initialState, type GatePolicy, type Json } from '@aumos/agf-domain/runtime';
import { learned, type Carried, type ExecutionRef, type ExecutionStart } from '../../common/index.js';
import type { GraphHost, StepView } from '../graph/build-graph.js';
import { commitStep } from '../plan/commit-step.js';
import { disposition } from '../plan/disposition.js';
import { executionError } from '../plan/failure.js';
import { firstBook } from '../plan/first-book.js';
import { own } from '../plan/own.js';
import type { NodePlan, Plan } from '../plan/plan.js';
import type { DueVisit, EndedVisit, NextStepCommit, NodeResult, VisitOutcome } from '../plan/step.js';
import { ExecutionEnding, type Ending } from './ending.js';
import { Commands } from './commands.js';
import { Handover } from './handover.js';
import { stepRecord } from './step-record.js';
import { Compensations } from './compensations.js';
import { ExecutionClock } from './execution-clock.js';
import { InFlight } from './in-flight.js';
import { limitedAtOnce } from './limited-at-once.js';
import { isCancelled, runVisit } from './run-visit.js';
import type { Runtime, Scope, VisitBook } from './runtime.js';
import { Segments } from './segments.js';
import { siteKey } from './site.js';
import { StepGather } from './step-gather.js';
import { WaitingMarks } from './waiting-marks.js';

const CALLS_AT_ONCE = 200;
const VISITS_AT_ONCE = 1_000;
const APPROVALS_AT_ONCE = 1_000;
const CHILDREN_AT_ONCE = 500;
const BYTES_AT_ONCE = 2_500_000;

/** One execution of a plan: what its visits share. The compiled graph holds none of it. */
export class ExecutionRun implements GraphHost {
  /** everything that ends with the execution runs in it */
  readonly scope: Scope;
  readonly clock: ExecutionClock;
  readonly ref: ExecutionRef;
  /** visits no activity wrote yet */
  readonly ended: VisitBook;
  readonly runtime: Runtime;
  /** what it is told while it runs */
  readonly commands: Commands;
  /** what undoes its visits */
  readonly compensations: Compensations;
  readonly waiting: WaitingMarks;
  /** what the newest step began with; at the end, what the last one left */
  view: StepView;
  /** a step that was under way; absent: the execution begins at START */
  readonly begins: StepView | undefined;
  /** of visits that another execution did, by {@link siteKey} */
  readonly results: Map<string, Json>;
  /** those of them that people gave in place of calls */
  readonly answered: ReadonlySet<string>;
  readonly calls = new InFlight({ count: CALLS_AT_ONCE, bytes: BYTES_AT_ONCE });
  readonly approvals = new InFlight({ count: APPROVALS_AT_ONCE, bytes: BYTES_AT_ONCE });
  readonly children = new InFlight({ count: CHILDREN_AT_ONCE, bytes: BYTES_AT_ONCE });
  ending: Ending | undefined;
  readonly handover: Handover;
  readonly segments = new Segments(this);
  /** the tenant's, as far as it knows them; never fewer than it started with */
  policies: readonly GatePolicy[];
  private readonly limitMs: number;
  private readonly steps = new StepGather((view, results) => this.commit(view, results));

  constructor(
    readonly start: ExecutionStart,
    readonly plan: Plan,
    shared: { ref: ExecutionRef; runtime: Runtime; visits: VisitBook; commands?: Commands },
    /** what an earlier run handed over */
    carried?: Carried,
  ) {
    this.ref = shared.ref;
    this.policies = carried?.policies ?? start.policies ?? [];
    this.runtime = shared.runtime;
    this.scope = shared.runtime.openScope();
    this.ended = shared.visits;
    this.begins = carried ?? start.resume;
    const state = initialState(plan.channels);
    this.view = this.begins ?? { state, book: firstBook(state) };
    this.handover = new Handover(carried);
    const done = start.resume?.done ?? [];
    this.results = new Map(done.map((each) => [siteKey(each), each.result]));
    this.answered = new Set(done.filter(({ answered }) => answered).map(siteKey));
    const seconds = plan.definition.limits?.timeout_seconds ?? start.settings.timeout_seconds;
    this.limitMs = seconds * 1000;
    this.clock = new ExecutionClock(shared.runtime, carried?.remaining_ms ?? this.limitMs, () => {
      const text = `The execution took longer than its ${String(seconds)} seconds`;
      const error = executionError({ node: null, visit: null }, 'EXECUTION_TIMEOUT', text);
      this.end({ kind: 'failed', error });
    });
    this.compensations = new Compensations(
      plan,
      start.tools,
      this.runtime,
      (...visit) => runVisit(this, ...visit),
      carried?.compensations,
    );
    this.waiting = new WaitingMarks(this.runtime, this.ended, carried?.waiting_mark);
    this.commands = shared.commands ?? new Commands();
    this.commands.onPause = (paused) => this.clock[paused ? 'hold' : 'release']();
    if (this.commands.paused) this.clock.hold();
  }

  /** of its time limit, what all its runs have used: not what it was paused, waited or was approved */
  get ranMs(): number {
    return Math.max(0, this.limitMs - this.clock.leftMs);
  }

  /** What expressions see beside `state`, `item` and `index`. */
  get expressionScope(): Record<string, Json> {
    const { execution_id, workflow_name, version, started_at, input, tenant_id } = this.start;
    return { input, tenant_id, execution: { id: execution_id, workflow: workflow_name, version, started_at } };
  }

  /** A visit that another one makes. Never throws. */
  visitInside(planned: NodePlan, due: DueVisit, view: StepView): Promise<VisitOutcome> {
    return runVisit(this, planned, due, view);
  }

  /** What the next run goes on with. */
  carry(opened: readonly string[]): Carried {
    const { state, book } = this.view;
    return {
      state,
      book,
      ...this.handover.handed(),
      remaining_ms: this.clock.leftMs,
      opened: [...opened],
      commands: this.commands.export(),
      compensations: this.compensations.due,
      waiting_mark: this.waiting.mark,
      ...(this.policies.length === 0 ? {} : { policies: [...this.policies] }),
    };
  }

  /** Policies of the tenant that came, or changed, since it began. */
  learnPolicies(told: readonly GatePolicy[]): void {
    this.policies = learned(this.policies, told);
  }

  /** The first reason counts; whatever is under way is cancelled. */
  end(ending: Ending): void {
    if (this.ending) return;
    this.ending = ending;
    this.scope.cancel();
  }

  /** Settles with its step, also when it failed: no node of a step is left waiting for another. */
  async runNode(node: string, view: StepView): Promise<NextStepCommit & { lead: boolean }> {
    this.view = view;
    let visits: EndedVisit[] = [];
    try {
      const commit = this.segments.suits(node, view) && (await this.scope.run(() => this.segments.from(view)));
      if (commit) return { ...commit, lead: node === Object.keys(view.book.due)[0] };
      visits = await this.scope.run(() => this.runVisits(node, view));
    } catch (error) {
      this.end(this.runtime.endingOf(error));
    }
    return this.steps.arrive(view, { node, visits });
  }

  private async runVisits(node: string, view: StepView): Promise<EndedVisit[]> {
    const planned = this.plan.nodes.get(node);
    if (!planned) throw new Error(`"${node}" is due, but is no node`);
    const edges = this.plan.definition.edges;
    const jobs = (own(view.book.due, node) ?? []).map((due) => ({
      group: String(due.item?.edge ?? ''),
      limit: Math.min(VISITS_AT_ONCE, (due.item && edges[due.item.edge]?.max_concurrency) ?? Infinity),
      run: async (): Promise<EndedVisit> => ({ ...due, outcome: await this.runOne(planned, due, view) }),
    }));
    return limitedAtOnce(jobs);
  }

  /** Lets an activity take along what ended here, all of it or some, and the workflow task end. */
  async relieve(all = false): Promise<void> {
    const record = async (): Promise<void> => {
      while ((this.ended.overflows || (all && !this.ended.isEmpty)) && !this.ending)
        await this.ended.carriedBy((progress) => this.runtime.recordVisits(progress));
    };
    this.ended.relief ??= record()
      .catch((error: unknown) => {
        this.end(this.runtime.endingOf(error));
      })
      .finally(() => {
        this.ended.relief = undefined;
      });
    await this.ended.relief;
  }

  /** Whether anything may begin: not while it is paused, and not in this run when another one is to go on. */
  async mayBegin(): Promise<void> {
    if (this.commands.paused && !this.ending) await this.unpaused();
    // Until the next run takes it up, or the execution ends.
    if (this.handover.wanted && !this.ending) await this.runtime.until(() => false);
  }

  /** An error that nothing takes ends the execution at once: siblings are cancelled, not waited for. */
  private async runOne(planned: NodePlan, due: DueVisit, view: StepView): Promise<VisitOutcome> {
    const node = planned.node.id;
    if (this.commands.paused && !this.ending) await this.unpaused();
    if (this.ending) {
      const error = executionError({ node, visit: due.visit }, 'CANCELLED', 'The execution ended before');
      return { kind: 'failed', open: false, error };
    }
    const site = { node, visit: due.visit };
    const before = this.handover.outcomeOf(site);
    if (before) return before;
    // Before it runs: its own record waits for what its step makes of its writes.
    if (this.ended.overflows) await this.relieve();
    // Until the next run takes it up, or the execution ends.
    if (this.handover.wanted) await this.runtime.until(() => false);
    const outcome = await this.handover.visit(site, () => runVisit(this, planned, due, view));
    if (outcome.kind === 'failed') {
      const { error } = outcome;
      if (disposition(this.plan, node, { ...outcome, item: due.item }).kind === 'fatal')
        this.end(isCancelled(planned, error) ? { kind: 'cancelled' } : { kind: 'failed', error });
    }
    return outcome;
  }

  /** What is under way ends; no visit begins. */
  private async unpaused(): Promise<void> {
    try {
      await this.runtime.until(() => !this.commands.paused);
    } catch (error) {
      this.end(this.runtime.endingOf(error));
    }
  }

  private commit(view: StepView, results: NodeResult[]): NextStepCommit {
    if (!this.ending) {
      const commit = commitStep(this.plan, this.expressionScope, view.state, view.book, results);
      for (const visit of commit.rejected) this.ended.reject(visit);
      if (commit.kind === 'next') {
        this.handover.forget();
        this.ended.stepped(stepRecord(commit));
        return commit;
      }
      this.end({ kind: 'failed', error: commit.error });
    }
    throw new ExecutionEnding();
  }
}
