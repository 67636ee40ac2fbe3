import type { Json } from '@aumos/agf-domain/runtime';
import type {
  ApprovalStart,
  ChildCall,
  ChildOpening,
  ChildResult,
  Deadline,
  DeadlineAsked,
  ExecutionStart,
} from '../common/index.js';
import { deadlineOf } from '../hours/index.js';
import { failureOf } from '../workflow/run/outcome.js';
import type { Asking, Decided, HoldableClock, Runtime, Scope } from '../workflow/run/runtime.js';
import { decisionOn, replyOfHandler, replyTo, turnOf } from './answers.js';
import { SimulationError, type PersonAnswer, type SimulationScript } from './script.js';
import { simulateCall, simulateFunction } from './simulate-call.js';
import { simulateTurn } from './simulate-turn.js';
import type { SimulatedChildren } from './simulated-children.js';
import type { SimulatedVisits } from './simulated-visits.js';
import { SimulationCancelled, type VirtualTime } from './virtual-time.js';

/** An execution in virtual time, with the answers of a script: nothing leaves the process. */
export class SimulatedRuntime implements Runtime {
  /** the first thing the script does not answer */
  fault: SimulationError | undefined;
  /** told of it at once */
  onFault: () => void = () => undefined;
  private approvals = 0;

  constructor(
    private readonly time: VirtualTime,
    private readonly script: SimulationScript,
    private readonly visits: SimulatedVisits,
    private readonly children: SimulatedChildren,
    readonly clockStands: (stands: boolean) => void = () => undefined,
  ) {}

  now(): number {
    return this.time.now();
  }

  sleep(ms: number): Promise<void> {
    return this.time.wait(ms);
  }

  until(holds: () => boolean, ms?: number): Promise<boolean> {
    return this.time.until(holds, ms);
  }

  timer(ms: number, fire: () => void): () => void {
    return this.time.schedule(ms, fire);
  }

  openScope(): Scope {
    const { time, children } = this;
    return {
      run: (body) => body(),
      cancel: () => {
        time.cancel();
        children.cancel();
      },
      get consideredCancelled() {
        return time.isCancelled;
      },
    };
  }

  shielded<T>(body: () => Promise<T>): Promise<T> {
    return this.time.shielded(body);
  }

  isCancellation(error: unknown): boolean {
    return error instanceof SimulationCancelled;
  }

  endingOf(error: unknown): ReturnType<Runtime['endingOf']> {
    return this.isCancellation(error) ? { kind: 'cancelled' } : failureOf(error);
  }

  newApprovalId(): string {
    return `approval-${String(++this.approvals)}`;
  }

  workflowId(): string {
    return 'simulation';
  }

  callTool(...[call, as]: Parameters<Runtime['callTool']>): ReturnType<Runtime['callTool']> {
    const reply = () => this.scripted(() => replyTo(this.script, call, this.visits.attempt(call)));
    return simulateCall(call, as, { reply, wait: (ms) => this.time.wait(ms) });
  }

  callModel(...[call, node]: Parameters<Runtime['callModel']>): ReturnType<Runtime['callModel']> {
    const turn = () => this.scripted(() => turnOf(this.script, call, this.visits.attempt(call)));
    return simulateTurn(call, node, { turn, wait: (ms) => this.time.wait(ms) });
  }

  async remember(): Promise<void> {}

  async openChild(call: ChildCall): Promise<ChildOpening> {
    return this.children.open(call, (answer) => this.scripted(answer));
  }

  async runChild(start: ExecutionStart, clock: HoldableClock, seconds?: number): Promise<ChildResult> {
    const { result, fault } = await this.children.run(start, clock, seconds);
    if (fault)
      this.scripted(() => {
        throw fault;
      });
    return result();
  }

  callFunction(...[call, node]: Parameters<Runtime['callFunction']>): ReturnType<Runtime['callFunction']> {
    const reply = () => this.scripted(() => replyOfHandler(this.script, call, this.visits.attempt(call)));
    return simulateFunction(call, node, { reply, wait: (ms) => this.time.wait(ms) });
  }

  async askPeople(start: ApprovalStart, { idle, opened }: Asking): Promise<Decided> {
    opened();
    const answer = this.scripted(() => decisionOn(this.script, start));
    const { decision, decided_by, notes } = answer;
    const expired = decision === 'expired';
    await idle(() => this.time.wait(expired ? Math.max(0, Date.parse(start.expires_at) - this.now()) : 0));
    const deciders = decision === 'approved' ? start.approvals_required : 1;
    const people = Array.from({ length: deciders }, (_, i) => `approver-${String(i + 1)}`);
    const outcome = {
      approval_id: answer.approval_id ?? start.approval_id,
      status: decision,
      decided_by: expired ? [] : (decided_by ?? people),
      decided_at: answer.decided_at ?? new Date(this.now()).toISOString(),
      notes: notes ?? null,
      ...givenBy(answer),
    };
    this.visits.decided(start, outcome);
    return { outcome, paused: true };
  }

  /** Of a tenant's hours it knows nothing: every hour counts. */
  deadlineOf(asked: DeadlineAsked): Promise<Deadline> {
    return deadlineOf(asked, async () => null);
  }

  async recordResumed(): Promise<void> {}

  async recordVisits(): Promise<void> {}

  async recordWaiting(): Promise<void> {}

  /** A script without an answer ends the simulation, whatever the graph does with errors. */
  private scripted<T>(answer: () => T): T {
    try {
      return answer();
    } catch (error) {
      if (!(error instanceof SimulationError)) throw error;
      this.fault ??= error;
      this.onFault();
      throw new SimulationCancelled();
    }
  }
}

function givenBy({ decision, arguments: edited, result }: PersonAnswer): { given?: Json } {
  if (decision === 'edited') return { given: edited ?? {} };
  return decision === 'answered' ? { given: result ?? null } : {};
}
