import { SweepRepository } from '@aumos/agf-persistence';
import { Rounds } from '@aumos/agf-platform';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { CloseOrphan } from '../execution/close-orphan.js';
import { DeliverCancel } from './deliver-cancel.js';
import { DeliverCommands } from './deliver-commands.js';
import { DispatchExecution } from './dispatch-execution.js';
import { Reconcile } from './reconcile.js';

const EVERY_MS = 2_000;
/** Asks Temporal for what is rare. */
const RECONCILE_EVERY_MS = 20_000;
/** What is younger is still on its normal way. */
const GRACE_MS = 2_000;
/** A parent starts its child within a workflow task, or after a worker's takeover. */
const ORPHAN_GRACE_MS = 10_000;

/** Starts what stayed pending, cancels what was asked to, delivers what was told, whatever became of the hints, and ends what was broken off. */
@Injectable()
export class Sweep implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = new Logger(Sweep.name);
  private readonly rounds = new Rounds(() => this.sweep(), {
    everyMs: EVERY_MS,
    failed: (err) => this.log.warn({ err, msg: 'sweep failed' }),
  });
  private reconcileAt = 0;

  constructor(
    private readonly left: SweepRepository,
    private readonly dispatch: DispatchExecution,
    private readonly cancel: DeliverCancel,
    private readonly commands: DeliverCommands,
    private readonly reconcile: Reconcile,
    private readonly orphan: CloseOrphan,
  ) {}

  onApplicationBootstrap(): void {
    this.rounds.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.rounds.stop();
  }

  private async sweep(): Promise<void> {
    const before = new Date(Date.now() - GRACE_MS);
    for (const { tenant_id, id } of await this.left.pendingExecutions(before))
      await this.follow('start', () => this.dispatch.run(tenant_id, id), id);
    for (const { tenant_id, id } of await this.left.undeliveredCancels(before))
      await this.follow('cancel', () => this.cancel.run(tenant_id, id), id);
    for (const { tenant_id, id } of await this.left.undeliveredCommands(before))
      await this.follow('command', () => this.commands.run(tenant_id, id), id);
    if (Date.now() < this.reconcileAt) return;
    this.reconcileAt = Date.now() + RECONCILE_EVERY_MS;
    for (const { tenant_id, id } of await this.left.pendingChildren(new Date(Date.now() - ORPHAN_GRACE_MS)))
      await this.follow('orphan', () => this.orphan.run(tenant_id, id), id);
    await this.reconcile.run(new Date());
  }

  /** One that fails must not keep the others waiting. */
  private async follow(kind: string, work: () => Promise<void>, executionId: string): Promise<void> {
    await work().catch((err: unknown) => this.log.warn({ err, msg: 'swept in vain', kind, execution_id: executionId }));
  }
}
