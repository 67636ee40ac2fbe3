import { DrillsRepository, type DrillEntity, TenantDb } from '@aumos/agf-persistence';
import { Injectable, Logger } from '@nestjs/common';
import { drillReport, isOver } from './drill-report.js';

/** What was under way when the fault ended has ended, and is in the history, after so long. */
const SETTLES_MS = 3_000;

/** Ends a tenant's drills whose time is over, with what they showed. Of several monitors one does. */
@Injectable()
export class CompleteDrills {
  private readonly log = new Logger(CompleteDrills.name);

  constructor(
    private readonly db: TenantDb,
    private readonly drills: DrillsRepository,
  ) {}

  async run(tenantId: string): Promise<void> {
    const running = await this.db.run(tenantId, () => this.drills.running());
    const now = Date.now();
    for (const drill of running.filter(({ fault_ends_at }) => now > fault_ends_at.getTime() + SETTLES_MS))
      await this.db.run(tenantId, () => this.complete(drill, now > drill.ends_at.getTime()));
  }

  private async complete(drill: DrillEntity, isTimeOver: boolean): Promise<void> {
    const calls = await this.drills.calls(drill);
    const report = drillReport({ drill, calls, transitions: await this.drills.transitions(drill) });
    if (!isTimeOver && !isOver(report)) return;
    if (await this.drills.complete(drill.id, report))
      this.log.log({ msg: 'a drill is completed', drill_id: drill.id, tool: drill.tool });
  }
}
