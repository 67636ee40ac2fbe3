import { setMaxListeners } from 'node:events';
import { ToolError, type FunctionNode } from '@aumos/agf-domain/runtime';
import {
  POLICIES_CHANGED,
  type FunctionCall,
  type FunctionOutcome,
  type TriedVisit,
  type VisitRecord,
} from '../common/index.js';
import { executionError } from '../workflow/plan/failure.js';
import { NodeError } from '../workflow/plan/node-error.js';
import { failureOf } from '../workflow/run/outcome.js';
import type { Runtime, Scope } from '../workflow/run/runtime.js';
import { siteKey, type Site } from '../workflow/run/site.js';
import { handled, toldBy } from './attempts.js';
import type { SegmentDesk, SegmentVisit } from './desk.js';

/** What it was waiting for is not to be. */
class SegmentCancelled extends Error {
  constructor() {
    super('The segment was cancelled');
    this.name = 'SegmentCancelled';
  }
}

/** The visit is left to the workflow: it waits longer than a segment does. */
class HeldVisit extends Error {
  constructor() {
    super('The visit is held');
    this.name = 'HeldVisit';
  }
}

const notHere = (what: string) => (): never => {
  throw new Error(`A local step ${what}`);
};

/** An execution's steps in a process of the platform: the clock of the machine, handlers in this process. */
export class SegmentRuntime implements Runtime {
  /** visits that are left to the workflow, by site */
  readonly held = new Map<string, TriedVisit>();
  /** why a visit could not be admitted, which nobody foresaw: the segment is to be tried again */
  fault: Error | undefined;
  /** of handlers that ended, by site */
  private readonly calls = new Map<string, { handler: string; attempts: number; duration_ms: number }>();
  private readonly abort = new AbortController();
  private readonly reports: Promise<void>[] = [];

  constructor(private readonly desk: SegmentDesk) {
    // As many as visits run side by side.
    setMaxListeners(0, this.abort.signal);
  }

  readonly callTool = notHere('calls no tool');
  readonly callModel = notHere('asks no model');
  readonly remember = notHere('remembers nothing');
  readonly openChild = notHere('opens no child');
  readonly runChild = notHere('runs no child');
  readonly askPeople = notHere('asks nobody');
  readonly deadlineOf = notHere('asks nobody');
  readonly recordResumed = notHere('records by its desk');
  readonly recordVisits = notHere('records by its desk');
  readonly recordWaiting = notHere('does not wait');
  readonly newApprovalId = notHere('asks nobody');
  readonly workflowId = notHere('asks nobody');
  readonly until = notHere('does not wait');
  readonly timer = notHere('does not wait');
  readonly sleep = notHere('does not wait');
  readonly clockStands = (): void => undefined;
  readonly shielded = <T>(body: () => Promise<T>): Promise<T> => body();

  now(): number {
    return Date.now();
  }

  openScope(): Scope {
    const { abort } = this;
    return {
      run: (body) => body(),
      cancel: () => {
        abort.abort(new SegmentCancelled());
      },
      get consideredCancelled() {
        return abort.signal.aborted;
      },
    };
  }

  isCancellation(error: unknown): boolean {
    return error instanceof SegmentCancelled;
  }

  endingOf(error: unknown): ReturnType<Runtime['endingOf']> {
    return this.isCancellation(error) ? { kind: 'cancelled' } : failureOf(error);
  }

  async callFunction(call: FunctionCall, node: FunctionNode): Promise<FunctionOutcome> {
    const { node: id, visit } = call;
    const admission = await this.admit(call);
    if (admission.kind === 'refused') {
      if ((node.open_wait_seconds ?? 0) > 0) this.hold({ node: id, visit, attempts: 0, delay_ms: 0 });
      return admission;
    }
    const started = Date.now();
    const ended = await handled(this.desk, call, node, this.abort.signal);
    this.reports.push(this.desk.report(call, admission.permit, toldBy(ended), Date.now() - started));
    if (ended.kind === 'cancelled') throw new SegmentCancelled();
    const { attempts } = ended;
    if (ended.kind === 'later') this.hold({ node: id, visit, attempts, delay_ms: ended.delayMs });
    this.calls.set(siteKey(call), { handler: call.handler, attempts, duration_ms: Date.now() - started });
    if (ended.kind === 'failed') throw ended.error;
    return { kind: 'completed', result: ended.result };
  }

  private async admit(call: FunctionCall): ReturnType<SegmentDesk['admit']> {
    try {
      return await this.desk.admit(call);
    } catch (error) {
      if (error instanceof ToolError && !error.retryable && error.code !== POLICIES_CHANGED) {
        const { code, message, details = {} } = error;
        const site = { node: call.node, visit: call.visit };
        throw new NodeError(executionError(site, code, message, details));
      }
      if (!(error instanceof ToolError && error.code === POLICIES_CHANGED)) this.fault ??= error as Error;
      return this.hold({ node: call.node, visit: call.visit, attempts: 0, delay_ms: 0 });
    }
  }

  /** The workflow asks the people. */
  leave({ node, visit }: Site): never {
    return this.hold({ node, visit, attempts: 0, delay_ms: 0 });
  }

  /** The record with what its handler took. */
  called(visit: VisitRecord): SegmentVisit {
    const call = this.calls.get(siteKey(visit));
    return call ? { ...visit, call } : visit;
  }

  /** All permits are handed back. */
  async reported(): Promise<void> {
    await Promise.all(this.reports.splice(0));
  }

  private hold(visit: TriedVisit): never {
    this.held.set(siteKey(visit), visit);
    throw new HeldVisit();
  }
}
