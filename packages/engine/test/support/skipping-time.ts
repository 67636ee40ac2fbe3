import { randomUUID } from 'node:crypto';
import { approvalPayloadHash, approvalWorkflowId, type ApprovalTimes } from '@aumos/agf-domain';
import { temporalTestServer } from '@aumos/agf-testing';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import type { Worker } from '@temporalio/worker';
import { signalDecided } from '../../src/client/index.js';
import { APPROVAL_WORKFLOW, type ApprovalOutcome, type ApprovalStart } from '../../src/common/index.js';
import { APPROVAL_BUNDLE_PATH } from '../../src/worker/bundles.js';
import { createApprovalWorker } from '../../src/worker/create-approval-worker.js';
import { MemoryActivities } from './memory-activities.js';
import { quietRuntime, replayErrors } from './replay.js';

const TENANT = 'tenant-a';
const HOUR_MS = 3_600_000;

/** Approvals on a Temporal whose time runs ahead as soon as nothing is under way. */
export class SkippingTime {
  readonly activities = new MemoryActivities();
  private readonly queue = `approvals-${randomUUID()}`;
  private readonly asked: string[] = [];
  private worker: { worker: Worker; done: Promise<void> } | undefined;

  private constructor(private readonly server: TestWorkflowEnvironment) {}

  static async open(): Promise<SkippingTime> {
    quietRuntime();
    const executable = { type: 'existing-path' as const, path: temporalTestServer() };
    const time = new SkippingTime(await TestWorkflowEnvironment.createTimeSkipping({ server: { executable } }));
    await time.startWorker();
    return time;
  }

  now(): Promise<number> {
    return this.server.currentTimeMs();
  }

  async pass(hours: number): Promise<void> {
    await this.server.sleep(Math.round(hours * HOUR_MS));
  }

  /** Asks as a gate with these times does; without them as earlier builds did. */
  async ask({ times, ...more }: Partial<ApprovalStart> = {}): Promise<ApprovalStart> {
    const now = await this.now();
    const at = async ({ timeout_hours: hours, business_hours }: ApprovalTimes): Promise<string> => {
      const from = new Date(now).toISOString();
      return business_hours === undefined
        ? new Date(now + hours * HOUR_MS).toISOString()
        : (await this.activities.deadlineOf({ tenant_id: TENANT, from, hours, business_hours })).at;
    };
    const payload = {
      ...{ tenant_id: TENANT, execution_id: randomUUID(), node: 'load', visit: 1, gate_name: 'g' },
      ...{ tool: 'load', tool_version: 1, arguments: {}, privilege_level: 3 as const },
      expires_at: times ? await at(times) : new Date(now + 24 * HOUR_MS).toISOString(),
    };
    const start: ApprovalStart = {
      ...payload,
      ...{ approval_id: randomUUID(), workflow_id: randomUUID(), approvals_required: 1 },
      ...{ escalation_policy: 'notify_admin', auto_reject_on_timeout: times?.auto_reject ?? false },
      ...{ action_description: 'Call load', payload_hash: approvalPayloadHash(payload) },
      ...{ requested_at: new Date(now).toISOString(), requested_by: 'starter', notify: 'nobody' },
      ...(times ? { times } : {}),
      ...more,
    };
    const { approval_id } = start;
    await this.server.client.workflow.start(APPROVAL_WORKFLOW, {
      workflowId: approvalWorkflowId(TENANT, approval_id),
      taskQueue: this.queue,
      args: [start],
      // Time may run ahead while a task is under way: a short limit would be over at once.
      workflowTaskTimeout: '120s',
    });
    this.asked.push(approval_id);
    return start;
  }

  /** What was done about it so far. */
  of({ approval_id }: ApprovalStart) {
    return this.activities.approvals.get(approval_id);
  }

  async decide({ approval_id }: ApprovalStart, status: 'approved' | 'rejected'): Promise<void> {
    this.activities.decide(approval_id, status, ['somebody']);
    await signalDecided(this.server.client, TENANT, approval_id);
  }

  /** Time passes until it is over. */
  outcome({ approval_id }: ApprovalStart): Promise<ApprovalOutcome> {
    return this.server.client.workflow.getHandle(approvalWorkflowId(TENANT, approval_id)).result();
  }

  /** In how many runs it has gone on so far. */
  async runs({ approval_id }: ApprovalStart): Promise<number> {
    return (await this.histories(approvalWorkflowId(TENANT, approval_id))).length;
  }

  async startWorker(): Promise<void> {
    const worker = await createApprovalWorker({
      ...{ connection: this.server.nativeConnection, namespace: this.server.namespace ?? 'default' },
      ...{ taskQueue: this.queue, activities: this.activities, shutdownGraceMs: 1_000 },
    });
    this.worker = { worker, done: worker.run() };
  }

  async stopWorker(): Promise<void> {
    this.worker?.worker.shutdown();
    await this.worker?.done;
    this.worker = undefined;
  }

  /** @throws Error where a history does not replay */
  async close(): Promise<void> {
    const histories = await Promise.all(this.asked.map((id) => this.histories(approvalWorkflowId(TENANT, id))));
    await this.stopWorker();
    await this.server.teardown();
    const errors = await replayErrors(APPROVAL_BUNDLE_PATH, histories.flat());
    if (errors.length > 0) throw new Error(errors.join('\n'));
  }

  private async histories(workflowId: string) {
    const fetch = (runId?: string) => this.server.client.workflow.getHandle(workflowId, runId).fetchHistory();
    const runs = [];
    const [first] = (await fetch()).events ?? [];
    for (let id = first?.workflowExecutionStartedEventAttributes?.firstExecutionRunId ?? undefined; id;) {
      const history = await fetch(id);
      runs.push({ workflowId, history });
      id = history.events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId ?? undefined;
    }
    return runs;
  }
}
