import { defineSignal, setHandler } from '@temporalio/workflow';
import { SIGNAL_GRAPH_ASKS } from '../../common/index.js';
import { isObject } from '../run/told-json.js';

export type ToldRequest = Readonly<Record<string, unknown>> & { id: number };

/** What one graph asked for and told, until somebody looks at it: a `GraphAsks`, or anything else. */
export class GraphInbox {
  /** its worker has been heard of */
  begun = false;
  private seq = 0;
  private requests: ToldRequest[] = [];
  private visits: unknown[] = [];

  told({ seq, requests, visits }: Readonly<Record<string, unknown>>): void {
    if (typeof seq !== 'number' || seq <= this.seq) return;
    this.seq = seq;
    this.begun = true;
    if (Array.isArray(requests)) this.requests = this.requests.concat(requests.filter(isRequest));
    if (Array.isArray(visits)) this.visits = this.visits.concat(visits);
  }

  get isEmpty(): boolean {
    return this.requests.length + this.visits.length === 0;
  }

  take(): { requests: ToldRequest[]; visits: unknown[] } {
    const { requests, visits } = this;
    this.requests = [];
    this.visits = [];
    return { requests, visits };
  }
}

/** Without an id there is nobody to answer. */
const isRequest = (told: unknown): told is ToldRequest => isObject(told) && Number.isSafeInteger(told['id']);

const asks = defineSignal<[unknown]>(SIGNAL_GRAPH_ASKS);
/** Of this workflow, by key: the sandbox evaluates its modules for each. None is open while it goes on in another run. */
const open = new Map<string, GraphInbox>();

/** What the graph of this key tells from now on; what another one tells is nobody's. */
export function openInbox(key: string): GraphInbox {
  setHandler(asks, (told) => {
    if (isObject(told)) open.get(told['key'] as string)?.told(told);
  });
  const inbox = new GraphInbox();
  open.set(key, inbox);
  return inbox;
}

export const closeInbox = (key: string): void => {
  open.delete(key);
};
