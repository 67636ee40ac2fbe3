import type { Json, PrivilegeLevel } from '@aumos/agf-domain/runtime';
import type { ApprovalOutcome, ApprovalStart, VisitRecord } from '../common/index.js';
import type { RejectedVisit } from '../workflow/plan/step.js';
import type { Site } from '../workflow/run/site.js';
import type { Simulation } from './simulation.js';
import type { Progress, VisitBook } from '../workflow/run/runtime.js';

/** An approval the execution asked for, and what was decided. */
export interface SimulatedApproval {
  gate_name: string;
  privilege_level: PrivilegeLevel;
  approvals_required: number;
  tool: string | null;
  arguments: Json;
  decision: ApprovalOutcome['status'];
  decided_by: string[];
}

export interface SimulatedVisit extends VisitRecord {
  /** answers that its call took, refusals included; 0: no tool or handler was called */
  attempts: number;
  approvals: SimulatedApproval[];
  /** the child that a workflow node ran, where the script has its definition */
  child?: Simulation;
}

/** By node, then by visit. */
class BySite<T> {
  private readonly nodes = new Map<string, Map<number, T>>();

  get({ node, visit }: Site): T | undefined {
    return this.nodes.get(node)?.get(visit);
  }

  set({ node, visit }: Site, value: T): void {
    const visits = this.nodes.get(node) ?? new Map<number, T>();
    this.nodes.set(node, visits.set(visit, value));
  }

  all(): T[] {
    return [...this.nodes.values()].flatMap((visits) => [...visits.values()]);
  }
}

const inOrder = (a: VisitRecord, b: VisitRecord): number =>
  a.step - b.step || (a.node < b.node ? -1 : a.node > b.node ? 1 : a.visit - b.visit);

const childOf = (child: Simulation | undefined): { child?: Simulation } => (child ? { child } : {});

/** Every visit of a simulation, with what it asked of the outside. */
export class SimulatedVisits implements VisitBook {
  readonly overflows = false;
  readonly isEmpty = true;
  private readonly records = new BySite<VisitRecord>();
  private readonly attempts = new BySite<number>();
  private readonly approvals = new BySite<SimulatedApproval[]>();
  private readonly children = new BySite<Simulation>();

  add(record: VisitRecord): void {
    this.records.set(record, record);
  }

  reject(visit: RejectedVisit): void {
    const record = this.records.get(visit);
    if (record) this.add({ ...record, status: 'failed', output: null, error: visit.error });
  }

  stepped(): void {
    // Nothing is recorded elsewhere.
  }

  carriedBy<T>(activity: (progress: Progress) => Promise<T>): Promise<T> {
    return activity({ ended: [] });
  }

  /** @returns the number of the visit's next attempt */
  attempt(site: Site): number {
    const next = (this.attempts.get(site) ?? 0) + 1;
    this.attempts.set(site, next);
    return next;
  }

  decided(start: ApprovalStart, { status, decided_by }: ApprovalOutcome): void {
    const { gate_name, privilege_level, approvals_required, tool, arguments: args } = start;
    const approval = { gate_name, privilege_level, approvals_required, tool, arguments: args };
    this.approvals.set(start, [...(this.approvals.get(start) ?? []), { ...approval, decision: status, decided_by }]);
  }

  ran(site: Site, child: Simulation): void {
    this.children.set(site, child);
  }

  /** In the order of step, node, visit. */
  list(): SimulatedVisit[] {
    return this.records
      .all()
      .sort(inOrder)
      .map((record) => ({
        ...record,
        attempts: this.attempts.get(record) ?? 0,
        approvals: this.approvals.get(record) ?? [],
        ...childOf(this.children.get(record)),
      }));
  }
}
