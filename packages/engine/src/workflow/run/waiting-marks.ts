import type { Runtime, VisitBook } from './runtime.js';

/** Says in the row whether the execution waits, from the first wait that begins to the last one that ends. */
export class WaitingMarks {
  private waits = 0;

  constructor(
    private readonly runtime: Pick<Runtime, 'recordWaiting'>,
    private readonly visits: VisitBook,
    /** counts the marks, so that a late one changes nothing */
    public mark = 0,
  ) {}

  async begin(node: string): Promise<void> {
    if (this.waits++ > 0) return;
    const mark = ++this.mark;
    await this.visits.carriedBy((progress) => this.runtime.recordWaiting({ waiting: true, mark, node, ...progress }));
  }

  async end(node: string): Promise<void> {
    if (--this.waits > 0) return;
    await this.runtime.recordWaiting({ waiting: false, mark: ++this.mark, node, ended: [] });
  }
}
