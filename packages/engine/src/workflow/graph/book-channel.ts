import { BaseChannel } from '@langchain/langgraph/web';
import type { Bookkeeping } from '../plan/step.js';

/** The engine's bookkeeping as LangGraph's channel: a step's commit writes it once. */
export class BookChannel extends BaseChannel<Bookkeeping | null, Bookkeeping, Bookkeeping | null> {
  lc_graph_name = 'AgfBook';
  private value: Bookkeeping | null = null;

  fromCheckpoint(checkpoint?: Bookkeeping | null): this {
    const channel = new BookChannel();
    channel.value = checkpoint ?? null;
    return channel as this;
  }

  update(writes: Bookkeeping[]): boolean {
    const [book] = writes.slice(-1);
    if (book) this.value = book;
    return book !== undefined;
  }

  get(): Bookkeeping | null {
    return this.value;
  }

  checkpoint(): Bookkeeping | null {
    return this.value;
  }

  override isAvailable(): boolean {
    return true;
  }
}
