import type { Compensation } from '../../common/index.js';
import type { StepView } from '../graph/build-graph.js';
import { noEdges } from '../plan/compile-edges.js';
import type { NodePlan, Plan } from '../plan/plan.js';
import type { DueVisit, VisitOutcome } from '../plan/step.js';
import type { Runtime } from './runtime.js';

/** No node id has it. Under this name a compensation is a call like any: approvals, journal, effect key. */
const MARK = '~compensate';

export interface Compensated {
  compensated: number;
  failed: number;
}

type RunVisit = (planned: NodePlan, due: DueVisit, view: StepView) => Promise<VisitOutcome>;

const inOrder = (a: Compensation, b: Compensation): number =>
  a.step - b.step || (a.node < b.node ? -1 : a.node > b.node ? 1 : a.visit - b.visit);

/**
 * What undoes the visits that have succeeded, each once. The order is that of the steps, within one that of node id, then
 * visit: the same whatever ended first, on every replay.
 */
export class Compensations {
  constructor(
    private readonly plan: Plan,
    private readonly runtime: Pick<Runtime, 'shielded'>,
    private readonly runVisit: RunVisit,
    /** plain JSON, for the run that continues this one */
    readonly due: Compensation[] = [],
  ) {}

  add(compensation: Compensation): void {
    this.due.push(compensation);
  }

  /**
   * Runs those that became due in earlier steps than `before`, in reverse, one after the other, to the end: also when the
   * execution ends meanwhile. One that fails is recorded, and the rest go on.
   */
  async undo(view: StepView, before = Infinity): Promise<Compensated> {
    const taken = this.due.filter(({ step }) => step < before).sort(inOrder);
    this.due.splice(0, this.due.length, ...this.due.filter(({ step }) => step >= before));
    const done: Compensated = { compensated: 0, failed: 0 };
    if (taken.length === 0) return done;
    await this.runtime.shielded(async () => {
      for (const compensation of taken.reverse()) {
        const { kind } = await this.runVisit(this.planned(compensation), visitOf(compensation), view);
        done[kind === 'done' ? 'compensated' : 'failed']++;
      }
    });
    return done;
  }

  private planned({ node, tool, arguments: given }: Compensation): NodePlan {
    const gate = this.plan.nodes.get(node)?.node.gate;
    return {
      node: { id: node + MARK, type: 'tool', tool, ...(gate === undefined ? {} : { gate }) },
      out: noEdges(),
      value: () => ({ evaluate: () => given }),
      outputs: [],
      visitType: 'compensation',
    };
  }
}

const visitOf = ({ visit, item }: Compensation): DueVisit => ({
  visit,
  item: item === null ? null : { edge: -1, index: item, value: null },
});
