import { defineSignal, setHandler } from '@temporalio/workflow';
import { SIGNAL_GRAPH_ASKS, type GraphAsks, type GraphRequest, type GraphVisit } from '../../common/index.js';

/** What one graph asked for and told, until somebody looks at it. */
export class GraphInbox {
  /** its worker has been heard of */
  begun = false;
  private seq = 0;
  private requests: GraphRequest[] = [];
  private visits: GraphVisit[] = [];

  told({ seq, requests, visits }: GraphAsks): void {
    if (seq <= this.seq) return;
    this.seq = seq;
    this.begun = true;
    this.requests.push(...requests);
    this.visits.push(...visits);
  }

  get isEmpty(): boolean {
    return this.requests.length + this.visits.length === 0;
  }

  take(): { requests: GraphRequest[]; visits: GraphVisit[] } {
    const { requests, visits } = this;
    this.requests = [];
    this.visits = [];
    return { requests, visits };
  }
}

const asks = defineSignal<[GraphAsks]>(SIGNAL_GRAPH_ASKS);
/** Of this workflow, by key: the sandbox evaluates its modules for each. None is open while it goes on in another run. */
const open = new Map<string, GraphInbox>();

/** What the graph of this key tells from now on; what another one tells is nobody's. */
export function openInbox(key: string): GraphInbox {
  setHandler(asks, (told) => {
    open.get(told.key)?.told(told);
  });
  const inbox = new GraphInbox();
  open.set(key, inbox);
  return inbox;
}

export const closeInbox = (key: string): void => {
  open.delete(key);
};
