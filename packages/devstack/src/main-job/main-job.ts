import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ReceivedEvent } from '@aumos/agf-events';
import { type LocalFile } from '../system/local-file.js';
import { Api, type Page } from './api.js';
import { APPROVER, type PendingApproval, approveByHand, decide, isInteractive } from './approve.js';
import { carsDataset } from './dataset.js';
import { TABLE } from './dataset-publish.js';
import { type Listening, listen } from './events.js';
import { type Execution, follow } from './follow.js';
import { type Profile, profileTable } from './profile-table.js';
import { publish } from './publish.js';
import { rowsIn } from './warehouse-rows.js';

export interface MainJobOptions {
  /** approve without asking */
  yes?: boolean;
}

/** A person may have a coffee before the answer. */
const WITHIN_MS = { asked: 24 * 3_600_000, alone: 180_000 };
const EVENTS_WITHIN_MS = 30_000;
const ENDS = new Set(['agf.workflow.completed', 'agf.workflow.failed']);

/** Runs `dataset-publish` on a real data set through the public API, and shows what happens as it happens. */
class MainJob {
  private executionId: string | undefined;
  private readonly decided = new AbortController();

  constructor(
    private readonly local: LocalFile,
    private readonly yes: boolean,
    private readonly developer: Api,
    private readonly approver: Api,
  ) {}

  async run(): Promise<number> {
    const dataset = carsDataset();
    const before = await rowsIn(this.local.warehouse, 'acme', TABLE);
    const workflow = await publish(this.developer);
    say('workflow', `dataset-publish is ${workflow.isNew ? 'published' : 'there already'} (${workflow.id})`);
    const listening = await listen(
      this.local.kafka.split(','),
      () => this.executionId,
      (event) => {
        sayEvent(event);
      },
    );
    try {
      const execution = await this.execute(workflow.id, dataset);
      await this.waitForLastEvent(listening);
      return await this.conclude(execution, before, dataset.rows);
    } finally {
      await listening.close();
    }
  }

  /** Uploads, starts, follows to the end. */
  private async execute(workflowId: string, dataset: { name: string; csv: string; rows: number }): Promise<Execution> {
    const raw = { type: 'text/csv', body: dataset.csv };
    const artifact = await this.developer.call<{ id: string; size: number }>(
      'POST',
      `/artifacts?name=${dataset.name}`,
      { raw },
    );
    say('artifact', `${dataset.name}, ${String(dataset.rows)} rows of vega-datasets (artifact:${artifact.id})`);
    const trace = randomBytes(16).toString('hex');
    const started = await this.developer.call<Execution>('POST', `/workflows/${workflowId}/execute`, {
      json: { input_data: { source: `artifact:${artifact.id}` } },
      headers: { 'idempotency-key': randomUUID(), traceparent: `00-${trace}-${randomBytes(8).toString('hex')}-01` },
    });
    this.executionId = started.id;
    say('execution', `${started.id} accepted; trace id ${trace} is in the logs of all four apps (.agf/logs)`);
    return this.follow(started.id);
  }

  private async follow(id: string): Promise<Execution> {
    const patience = this.yes || !isInteractive() ? WITHIN_MS.alone : WITHIN_MS.asked;
    let approving: Promise<void> = Promise.resolve();
    const failed = new Promise<never>((_, reject) => {
      this.fail = reject;
    });
    const watching = {
      onStatus: ({ status, current_node }: Execution) => {
        if (status !== 'paused_hitl') this.decided.abort();
        say('execution', `${status}${current_node && status === 'paused_hitl' ? ` at ${current_node}` : ''}`);
      },
      onVisit: ({ node, type, status }: { node: string; type: string; status: string }) => {
        say('node', `${node} (${type}) ${status}`);
      },
      onPaused: () => {
        approving = this.approve(id).catch((error: unknown) => {
          this.fail(error);
        });
      },
    };
    const ended = await Promise.race([follow(this.developer, id, watching, patience), failed]);
    await approving;
    return ended;
  }

  private fail: (error: unknown) => void = () => undefined;

  private async approve(executionId: string): Promise<void> {
    const { items } = await this.approver.call<Page<PendingApproval>>(
      'GET',
      `/hitl/pending?execution_id=${executionId}`,
    );
    for (const approval of items) {
      say('approval', `${approval.gate_name}: ${approval.action_description}`);
      say('approval', `by hand: ${approveByHand(this.local.gateway, approval.id)}`);
      const decision = await decide(this.approver, approval, { yes: this.yes, decided: this.decided.signal });
      say(
        'approval',
        decision ? `${decision === 'approve' ? 'approved' : 'rejected'} as ${APPROVER}` : 'decided by somebody else',
      );
    }
  }

  private async waitForLastEvent({ events }: Listening): Promise<void> {
    for (const end = Date.now() + EVENTS_WITHIN_MS; Date.now() < end; await sleep(50))
      if (events.some((event) => ENDS.has(event.event_type))) return;
    throw new Error(`the execution's last event did not come over Kafka within ${String(EVENTS_WITHIN_MS / 1000)} s`);
  }

  /** @returns the exit code */
  private async conclude(
    { status, output_data, error_details }: Execution,
    before: number,
    rows: number,
  ): Promise<number> {
    const profile = (output_data as { profile?: Profile } | null)?.profile;
    if (profile) for (const line of profileTable(profile)) say('', line);
    const after = await rowsIn(this.local.warehouse, 'acme', TABLE);
    say('warehouse', `acme.${TABLE} has ${String(after)} rows, ${String(after - before)} of them new`);
    say('look', `the API's documentation: ${this.local.gateway}/docs`);
    if (this.local.temporal_ui)
      say(
        'look',
        `the execution in Temporal: ${this.local.temporal_ui}/namespaces/${this.local.temporal_namespace}/workflows`,
      );
    if (status === 'completed' && after - before === rows) {
      say('done', 'every row was loaded once');
      return 0;
    }
    say(
      'failed',
      error_details
        ? JSON.stringify(error_details)
        : `the execution ${status}, but ${String(rows)} new rows were expected`,
    );
    return 1;
  }
}

const say = (part: string, text: string): void => {
  console.log(`        ${part.padEnd(10)}  ${text}`);
};

const sayEvent = (event: ReceivedEvent): void => {
  say(
    'event',
    `${event.event_type} (${event.aggregate_type} ${event.aggregate_id}, version ${String(event.aggregate_version)})`,
  );
};

/** @returns the exit code: 0 when the data arrived once, approved, and every event was seen */
export async function mainJob(local: LocalFile, { yes = false }: MainJobOptions): Promise<number> {
  const [developer, approver] = await Promise.all([Api.as('acme-developer', local), Api.as(APPROVER, local)]);
  try {
    return await new MainJob(local, yes, developer, approver).run();
  } catch (error) {
    say('failed', error instanceof Error ? error.message : String(error));
    return 1;
  }
}
