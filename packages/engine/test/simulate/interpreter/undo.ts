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
}

export class Undo {
  private due: Undoing[] = [];

  add(undoing: Undoing): void {
    this.due.push(undoing);
  }

  /** Those of the steps before; each once. @returns the calls, in their order */
  run(around: Surroundings, before: number): ExpectedVisit[] {
    const mine = this.due.filter(({ step }) => step < before);
    this.due = this.due.filter(({ step }) => step >= before);
    const later = (a: Undoing, b: Undoing): number =>
      b.step - a.step || (a.node.id < b.node.id ? 1 : a.node.id > b.node.id ? -1 : b.visit - a.visit);
    return mine.sort(later).map(({ node, visit: nth, item, arguments: args }) => {
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
