import type { Json } from '@aumos/agf-domain/runtime';
import type { Compensation, SegmentReached } from '../../common/index.js';
import type { StepView } from '../graph/build-graph.js';
import { isLocalStep, localNodes } from '../plan/local-step.js';
import { applyAll, ordered, type ChannelWrites } from '../plan/step-writes.js';
import type { NextStepCommit } from '../plan/step.js';
import type { ExecutionRun } from './execution-run.js';
import { siteKey } from './site.js';

type Left = NextStepCommit | undefined;

/** The nodes of a step that a segment can run: all of them, or some. */
interface LocalPart {
  step: number;
  whole: boolean;
  nodes: ReadonlySet<string>;
}

/**
 * Steps of local nodes are run in one go, outside of the workflow: LangGraph sees one step that leads further. What cannot
 * end there is run visit by visit, as anything else.
 */
export class Segments {
  private current: { step: number; commit: Promise<Left> } | undefined;
  /** of the newest step: looked for once, however many nodes ask */
  private local: LocalPart | undefined;
  /** a step that a segment left to the workflow */
  private held: number | undefined;
  /**
   * The last one took all its time. What the execution was told meanwhile comes with the next workflow task, and none
   * begins while one local activity follows the other.
   */
  private spent = false;
  /** visits whose compensations are due, or were */
  private known: Set<string> | undefined;

  constructor(private readonly run: ExecutionRun) {}

  /** Whether the node's visits may be run so: with all of the step, or beside what is no local node. */
  suits(node: string, { book }: StepView): boolean {
    const { runtime, handover } = this.run;
    if (runtime.runSegment === undefined || this.held === book.step) return false;
    const { nodes } = this.localOf(book);
    return nodes.has(node) && (this.current?.step === book.step || !handover.knows(nodes));
  }

  /** The same for all nodes of a step. @returns absent: what is left of the step is to be run visit by visit */
  from(view: StepView): Promise<Left> {
    const { step } = view.book;
    if (this.current?.step !== step) this.current = { step, commit: this.go(view) };
    return this.current.commit;
  }

  /** As far as whole steps lead, which is the run's view then: LangGraph begins where something else is due. */
  async ahead(): Promise<void> {
    const { run } = this;
    const isAhead = (view: StepView): boolean => this.localOf(view.book).whole && this.suits(leadOf(view), view);
    while (isAhead(run.view) && (await this.from(run.view)));
  }

  private localOf({ step, due }: StepView['book']): LocalPart {
    if (this.local?.step !== step) {
      const { plan } = this.run;
      const whole = isLocalStep(plan, due, true);
      this.local = { step, whole, nodes: new Set(whole ? Object.keys(due) : localNodes(plan, due)) };
    }
    return this.local;
  }

  /** Until the step is over: a large one takes several segments. */
  private async go(view: StepView): Promise<Left> {
    const { run } = this;
    for (;;) {
      if (this.spent) await run.runtime.sleep(1);
      await run.mayBegin();
      if (this.over()) return undefined;
      const reached = await this.segment(view);
      this.spent = reached.spent;
      const at = this.at(view, reached);
      run.view = at;
      this.take(at, reached);
      if (this.over()) return undefined;
      if (at.book.step > view.book.step) return commitOf(view, reached);
      if (this.held === at.book.step) return undefined;
    }
  }

  /** A segment goes on to its end whatever is cancelled meanwhile, and says nothing of that. */
  private over(): boolean {
    if (this.run.scope.consideredCancelled) this.run.end({ kind: 'cancelled' });
    return this.run.ending !== undefined;
  }

  /** A step that takes several segments tells of its first visits again. */
  private due(compensation: Compensation): void {
    const { compensations } = this.run;
    this.known ??= new Set(compensations.due.flatMap((each) => (each.under ? [] : [siteKey(each)])));
    if (this.known.has(siteKey(compensation))) return;
    this.known.add(siteKey(compensation));
    compensations.add(compensation);
  }

  private segment(view: StepView): Promise<SegmentReached> {
    const { ref, start, runtime, ended, handover } = this.run;
    const { resume, ...begun } = start;
    const done = resume?.book.step === view.book.step ? { done: resume.done } : {};
    const { whole, nodes } = this.localOf(view.book);
    const some = whole ? {} : { only: [...nodes] };
    return handover.busyWith({ node: leadOf(view), visit: 0 }, () =>
      ended.carriedBy((progress) => runtime.runSegment!({ ref, start: begun, ...view, ...done, ...some, ...progress })),
    );
  }

  private at({ state }: StepView, reached: SegmentReached): StepView {
    return { book: reached.book, state: applyAll(this.run.plan.channels, state, writesOf(reached)) };
  }

  private take({ book }: StepView, { end, compensations }: SegmentReached): void {
    const { run } = this;
    for (const compensation of compensations) this.due(compensation);
    if (end.kind === 'over') run.end(end.ending);
    if (end.kind !== 'held') return;
    this.held = book.step;
    for (const { outcome, ...site } of end.ended) run.handover.took(site, outcome);
    for (const tried of end.tried) if (tried.attempts > 0) run.handover.keep(tried, tried as unknown as Json);
  }
}

const leadOf = ({ book }: StepView): string => Object.keys(book.due)[0] ?? '';

const writesOf = ({ writes }: SegmentReached): ChannelWrites =>
  new Map(Object.entries(writes).map(([channel, values]) => [channel, ordered(values)]));

/** As if one node of the step had written it all. */
const commitOf = (view: StepView, reached: SegmentReached): NextStepCommit => ({
  kind: 'next',
  rejected: [],
  book: reached.book,
  writes: new Map([[leadOf(view), writesOf(reached)]]),
});
