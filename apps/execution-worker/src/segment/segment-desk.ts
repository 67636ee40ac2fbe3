import type { ExecutionError, Json, Permit } from '@aumos/agf-domain';
import { type ExecutionRef, type FunctionCall, handlerCallOf } from '@aumos/agf-engine/common';
import type { JournalledVisit, SegmentDesk as Desk, SegmentRecords } from '@aumos/agf-engine/segment';
import { callHandler, callSite } from '@aumos/agf-node-worker';
import { SegmentsRepository } from '@aumos/agf-persistence';
import { BreakerGuard } from '@aumos/agf-resilience';
import { Injectable } from '@nestjs/common';
import { toldOutcome } from '../breakers/told-outcome.js';
import { endedVisits } from '../execution/ended-visits.js';
import { ExecutionLog, nodeComplete } from '../execution/execution-log.js';
import { AdmitFunction } from '../function-call/admit-function.js';
import { LocalHandlers } from '../function-call/local-handlers.js';
import { tracesOf } from './traces-of-visits.js';

/** What a segment needs of this process: the guard of every call, the handlers, the journal. */
@Injectable()
export class SegmentDesk implements Desk {
  constructor(
    private readonly segments: SegmentsRepository,
    private readonly local: LocalHandlers,
    private readonly functions: AdmitFunction,
    private readonly guard: BreakerGuard,
    private readonly log: ExecutionLog,
  ) {}

  async ended(ref: ExecutionRef, sites: Parameters<Desk['ended']>[1]): Promise<JournalledVisit[]> {
    return journalled(await this.segments.ended(ref.tenant_id, ref.execution_id, sites));
  }

  /** Nobody is asked from here: what needs people is no local step, and is denied. */
  admit(call: FunctionCall): ReturnType<Desk['admit']> {
    return this.functions.guarded(call);
  }

  handle(call: FunctionCall, attempt: number, signal: AbortSignal): Promise<Json> {
    const site = { ...callSite(), attempt, signal };
    return callHandler(this.local.handlers, handlerCallOf(call), site);
  }

  report({ ref }: FunctionCall, permit: Permit, end: ExecutionError | null | 'ignored', tookMs: number): Promise<void> {
    const outcome = end === 'ignored' ? end : toldOutcome(permit, end);
    return this.guard.report(ref.tenant_id, permit, outcome, tookMs);
  }

  async record({ ref, ended, visits, steps }: SegmentRecords): Promise<JournalledVisit[]> {
    const before = endedVisits(ref, ended);
    const here = endedVisits(ref, visits).map((visit, i) => ({ ...visit, attempts: visits[i]?.call?.attempts ?? 1 }));
    const others = await this.segments.record(ref.tenant_id, {
      execution_id: ref.execution_id,
      visits: [...before, ...here],
      steps,
      traces: tracesOf(ref, visits),
      // Their ends alone: they are over when they are told of.
      events: [...before, ...here].map(nodeComplete),
    });
    this.log.announce(ref);
    return journalled(others.filter(({ node, visit }) => visits.some((of) => of.node === node && of.visit === visit)));
  }
}

const journalled = (visits: readonly JournalledVisit[]): JournalledVisit[] =>
  visits.map(({ node, visit, status, output, error }) => ({ node, visit, status, output, error }));
