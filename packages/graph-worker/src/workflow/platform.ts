import { jsonSize, type Json } from '@aumos/agf-domain/runtime';
import {
  PAYLOAD_BYTES,
  SIGNAL_GRAPH_ANSWERS,
  SIGNAL_GRAPH_ASKS,
  type GraphAnswer,
  type GraphAnswers,
  type GraphRequest,
  type GraphVisit,
  type TeamGraphStart,
} from '@aumos/agf-engine/common';
import { defineSignal, getExternalWorkflowHandle, setHandler } from '@temporalio/workflow';
import { GraphCallError } from '../graph/errors.js';

type Asked = { [K in GraphRequest['kind']]: Omit<Extract<GraphRequest, { kind: K }>, 'id'> }[GraphRequest['kind']];

const BATCH_BYTES = 1_000_000;
/** As many turns as what one task brings needs, so that all it leads to is asked together. */
const TURNS = 200;

/** The execution that the graph works for: asked by signals, which it answers by signals. */
export class Platform {
  private readonly awaited = new Map<number, (answer: GraphAnswer) => void>();
  private requests: GraphRequest[] = [];
  private visits: GraphVisit[] = [];
  private visitBytes = 0;
  private ids = 0;
  private seq = 0;
  private telling: Promise<void> | undefined;

  constructor(readonly start: TeamGraphStart) {
    setHandler(defineSignal<[GraphAnswers]>(SIGNAL_GRAPH_ANSWERS), ({ answers }) => {
      for (const { id, answer } of answers) {
        this.awaited.get(id)?.(answer);
        this.awaited.delete(id);
      }
    });
  }

  /** Tells that a worker took the graph. */
  begin(): void {
    this.telling ??= this.tell(true);
  }

  /** @throws GraphCallError */
  async ask(asked: Asked): Promise<Json> {
    const answer = await this.answerTo(asked);
    if (answer.kind === 'done') return answer.result;
    throw new GraphCallError(answer.error);
  }

  answerTo(asked: Asked): Promise<GraphAnswer> {
    const request = { ...asked, id: ++this.ids };
    if (jsonSize(request) > PAYLOAD_BYTES) return Promise.resolve(tooLarge(asked.node));
    return new Promise((resolve) => {
      this.awaited.set(request.id, resolve);
      this.requests.push(request);
      this.telling ??= this.tell();
    });
  }

  visited(visit: GraphVisit): void {
    this.visits.push(visit);
    this.visitBytes += jsonSize(visit);
    if (this.isFull) this.telling ??= this.tell(true);
  }

  /** Until the graph's end can carry what was not told yet. */
  async relieve(): Promise<void> {
    while (this.isFull) await (this.telling ??= this.tell(true));
  }

  private get isFull(): boolean {
    return this.visitBytes > BATCH_BYTES / 2;
  }

  /** What was not told yet: the graph ends. */
  takeVisits(): GraphVisit[] {
    return this.visits.splice(0);
  }

  /** One signal after another, each with all that came meanwhile. */
  private async tell(anyway = false): Promise<void> {
    const { asks, key } = this.start;
    for (let turn = 0; turn < TURNS; turn++) await Promise.resolve();
    for (let told = !anyway; !told || this.requests.length > 0 || this.isFull; told = true) {
      const requests = fitting(this.requests);
      const visits = fitting(this.visits);
      this.visitBytes -= visits.reduce((sum, visit) => sum + jsonSize(visit), 0);
      await getExternalWorkflowHandle(asks).signal(SIGNAL_GRAPH_ASKS, { key, seq: ++this.seq, requests, visits });
    }
    this.telling = undefined;
  }
}

/** Takes as many as half a signal holds, and one in any case. */
function fitting<T>(waiting: T[]): T[] {
  let bytes = 0;
  const most = waiting.findIndex((each, index) => (bytes += jsonSize(each)) > BATCH_BYTES / 2 && index > 0);
  return waiting.splice(0, most === -1 ? waiting.length : most);
}

const tooLarge = (node: string): GraphAnswer => ({
  kind: 'failed',
  error: {
    code: 'PAYLOAD_TOO_LARGE',
    message: `A graph asks with ${String(PAYLOAD_BYTES)} bytes of JSON at most`,
    node,
    visit: null,
    attempts: 0,
    details: {},
  },
});

let current: Platform | undefined;

/** Once a workflow: the sandbox evaluates its modules for each. */
export const openPlatform = (start: TeamGraphStart): Platform => (current = new Platform(start));

/** @throws Error where no graph runs */
export function platform(): Platform {
  if (!current) throw new Error('Only a graph that is run by the platform can call something');
  return current;
}
