import { SETTINGS } from '@aumos/agf-platform';
import { openRedis } from '@aumos/agf-resilience/redis';
import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkerSettings } from '../config.js';
import { DeliverCancel } from './deliver-cancel.js';
import { DeliverCommands } from './deliver-commands.js';
import { DispatchExecution } from './dispatch-execution.js';
import { DISPATCH_HINTS, readHint } from './hint.js';

/** Seconds one read waits; short enough for a quick shutdown. */
const WAIT_SECONDS = 1;
const RETRY_MS = 500;
const AT_ONCE = 32;

/** Takes the gateway's hints, each by one worker. What goes wrong here is mended by the sweep. */
@Injectable()
export class HintListener implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = new Logger(HintListener.name);
  private readonly redis: Redis;
  private readonly underWay = new Set<Promise<void>>();
  private stopping = false;
  private loop: Promise<void> = Promise.resolve();

  constructor(
    @Inject(SETTINGS) settings: WorkerSettings,
    private readonly dispatch: DispatchExecution,
    private readonly cancel: DeliverCancel,
    private readonly commands: DeliverCommands,
  ) {
    // A blocking read keeps its connection to itself.
    this.redis = openRedis(settings.redisUrl, { lazyConnect: true, maxRetriesPerRequest: null });
  }

  onApplicationBootstrap(): void {
    this.loop = this.listen();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping = true;
    await this.loop;
    await Promise.allSettled(this.underWay);
    this.redis.disconnect();
  }

  private async listen(): Promise<void> {
    while (!this.stopping) {
      if (this.underWay.size >= AT_ONCE) await Promise.race(this.underWay);
      try {
        const taken = await this.redis.brpop(DISPATCH_HINTS, WAIT_SECONDS);
        if (taken) this.take(taken[1]);
      } catch (error) {
        if (!this.stopping) this.log.warn({ err: error, msg: 'cannot read hints' });
        await sleep(RETRY_MS);
      }
    }
  }

  private take(text: string): void {
    const hint = readHint(text);
    if (!hint) return this.log.warn({ msg: 'dropped what is no hint' });
    const { kind, tenant_id, execution_id } = hint;
    const work = { start: this.dispatch, cancel: this.cancel, command: this.commands }[kind]
      .run(tenant_id, execution_id)
      .catch((error: unknown) =>
        this.log.warn({ err: error, msg: 'a hint was not followed', kind, tenant_id, execution_id }),
      )
      .finally(() => this.underWay.delete(work));
    this.underWay.add(work);
  }
}
