import type { ToolSpec } from '@aumos/agf-domain/runtime';
import type { Compensation } from '../../common/index.js';
import type { StepView } from '../graph/build-graph.js';
import { noEdges } from '../plan/compile-edges.js';
import { own } from '../plan/own.js';
import type { NodePlan, Plan } from '../plan/plan.js';
import type { DueVisit, VisitOutcome } from '../plan/step.js';
import type { Runtime } from './runtime.js';
import type { Site } from './site.js';

/** No node id has it. Under this name a compensation is a call like any: approvals, journal, effect key. */
const MARK = '~compensate';

export interface Compensated {
  compensated: number;
  failed: number;
}

type RunVisit = (planned: NodePlan, due: DueVisit, view: StepView) => Promise<VisitOutcome>;

/** The visit of this execution that did it, or whose child did. */
const siteOf = ({ under, node, visit }: Compensation): Site => under ?? { node, visit };

/** What a child did comes before what its visit did; among a child's own its order stays. */
function inOrder(one: Compensation, other: Compensation): number {
  const [a, b] = [siteOf(one), siteOf(other)];
  return one.step - other.step || (a.node < b.node ? -1 : a.node > b.node ? 1 : a.visit - b.visit);
}

/** A child's is told apart by the visit that it was made under: `<node>~<visit>~<the child's node>`. */
const nameOf = ({ under, node }: Compensation): string =>
  under ? `${under.node}~${String(under.visit)}~${node}` : node;

/**
 * What undoes the visits that have succeeded, each once. The order is that of the steps, within one that of node id, then
 * visit: the same whatever ended first, on every replay. A completed child's are its parent's from then on.
 */
export class Compensations {
  constructor(
    private readonly plan: Plan,
    private readonly tools: Readonly<Record<string, ToolSpec>>,
    private readonly runtime: Pick<Runtime, 'shielded'>,
    private readonly runVisit: RunVisit,
    /** plain JSON, for the run that continues this one */
    readonly due: Compensation[] = [],
  ) {}

  add(compensation: Compensation): void {
    this.due.push(compensation);
  }

  /** Takes over what the child of a visit left to be undone. */
  adopt(ofChild: readonly Compensation[], under: Site, step: number): void {
    for (const each of ofChild) this.add({ ...each, node: nameOf(each), step, under });
  }

  /** For the execution above, which may not know the tools. In the order in which it was done. */
  handed(execution_id: string): Compensation[] {
    return [...this.due].sort(inOrder).map((each) => {
      const spec = each.spec ?? own(this.tools, each.tool);
      return { execution_id, ...each, ...(spec ? { spec } : {}) };
    });
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

  private planned(compensation: Compensation): NodePlan {
    const { tool, arguments: given, spec } = compensation;
    const gate = this.plan.nodes.get(siteOf(compensation).node)?.node.gate;
    return {
      ...(spec ? { spec } : {}),
      node: { id: nameOf(compensation) + MARK, type: 'tool', tool, ...(gate === undefined ? {} : { gate }) },
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
