/** What undoes the visits that succeeded: later steps first, of one step by node id, then visit, from the last. */
import type { Json, NodeDefinition, ToolNode } from '@aumos/agf-domain';
import type { ExpectedVisit } from './expected.js';
import { visit, type Surroundings } from './visit.js';

export interface Undoing {
  node: NodeDefinition & { compensate: { tool: string } };
  visit: number;
  step: number;
  item: number | null;
  arguments: Json;
  /** the visit whose child did it */
  under?: { node: string; visit: number };
}

const siteOf = ({ node, visit: nth, under }: Undoing) => under ?? { node: node.id, visit: nth };

/** Of one visit and its child: what came later stands first already. */
function later(one: Undoing, other: Undoing): number {
  const [a, b] = [siteOf(one), siteOf(other)];
  return other.step - one.step || (a.node < b.node ? 1 : a.node > b.node ? -1 : b.visit - a.visit);
}

export class Undo {
  private due: Undoing[] = [];

  add(undoing: Undoing): void {
    this.due.push(undoing);
  }

  /** What the child of a visit left, under names of their own. */
  adopt({ id, gate }: NodeDefinition, nth: number, step: number, left: readonly Undoing[]): void {
    for (const each of left) {
      const { gate: _, ...node } = each.node;
      const named = { ...node, id: `${id}~${String(nth)}~${node.id}`, ...(gate === undefined ? {} : { gate }) };
      this.add({ ...each, node: named as Undoing['node'], step, under: { node: id, visit: nth } });
    }
  }

  /** In the order in which it was done. */
  left(): Undoing[] {
    return [...this.due].reverse().sort(later).reverse();
  }

  /** Those of the steps before; each once. @returns the calls, in their order */
  run(around: Surroundings, before: number): ExpectedVisit[] {
    const mine = this.due.filter(({ step }) => step < before);
    this.due = this.due.filter(({ step }) => step >= before);
    return mine
      .reverse()
      .sort(later)
      .map(({ node, visit: nth, item, arguments: args }) => {
        const call: ToolNode = {
          id: `${node.id}~compensate`,
          type: 'tool',
          tool: node.compensate.tool,
          arguments: args,
          ...(node.gate === undefined ? {} : { gate: node.gate }),
        };
        around.tell('compensation');
        const { ended, ...record } = visit(around, call, { visit: nth, item: null });
        if (ended.kind === 'failed') around.tell('compensation failed');
        return { ...record, item };
      });
  }
}
