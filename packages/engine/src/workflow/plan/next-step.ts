import { END } from '@aumos/agf-domain/runtime';
import { own } from './own.js';
import type { Plan } from './plan.js';
import type { Bookkeeping, DueVisits, FanItem } from './step.js';

type Planned = Pick<Bookkeeping, 'step' | 'due' | 'visits' | 'joins' | 'ended'>;

const byEdgeAndIndex = (a: FanItem, b: FanItem): number => a.edge - b.edge || a.index - b.index;

/** Gathers what the next step runs while a step's edges are followed. */
export class NextStep {
  private readonly reached = new Set<string>();
  private readonly items = new Map<string, FanItem[]>();
  private readonly joins: Map<number, Set<number>>;
  private ended: boolean;

  constructor(
    private readonly plan_: Plan,
    private readonly book: Bookkeeping,
  ) {
    this.ended = book.ended;
    this.joins = new Map(Object.entries(book.joins).map(([join, groups]) => [Number(join), new Set(groups)]));
  }

  /** However many edges reach a node in one step, it runs once. */
  visit(target: string): void {
    if (target === END) this.ended = true;
    else this.reached.add(target);
  }

  fan(target: string, items: FanItem[]): void {
    if (target === END) this.ended = true;
    else this.items.set(target, [...(this.items.get(target) ?? []), ...items]);
  }

  arrive(joins: { join: number; group: number }[]): void {
    for (const { join, group } of joins) {
      const groups = this.joins.get(join) ?? new Set();
      this.joins.set(join, groups.add(group));
    }
  }

  plan(): Planned {
    this.fireJoins();
    const visits = { ...this.book.visits };
    const due: DueVisits = {};
    for (const node of [...new Set([...this.reached, ...this.items.keys()])].sort()) {
      const items: (FanItem | null)[] = [...(this.items.get(node) ?? [])].sort(byEdgeAndIndex);
      if (this.reached.has(node)) items.unshift(null);
      const before = own(visits, node) ?? 0;
      due[node] = items.map((item, i) => ({ visit: before + i + 1, item }));
      visits[node] = before + items.length;
    }
    const joins = Object.fromEntries(
      [...this.joins].map(([join, groups]) => [join, [...groups].sort((a, b) => a - b)]),
    );
    return { step: this.book.step + 1, due, visits, joins, ended: this.ended };
  }

  private fireJoins(): void {
    this.plan_.joins.forEach(({ target, groups }, join) => {
      if (this.joins.get(join)?.size !== groups.length) return;
      this.joins.delete(join);
      this.visit(target);
    });
  }
}
