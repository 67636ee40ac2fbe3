import type { ExecutionActivities } from '@aumos/agf-engine/common';
import { deadlineOf } from '@aumos/agf-engine/hours';
import { BusinessHoursRepository } from '@aumos/agf-persistence';
import { ToolCatalog } from '@aumos/agf-tools';
import { Injectable } from '@nestjs/common';
import { OpenChild } from '../children/open-child.js';
import { RecordOutcome } from '../execution/record-outcome.js';
import { RecordPaused } from '../execution/record-paused.js';
import { RecordResumed } from '../execution/record-resumed.js';
import { RecordStarted } from '../execution/record-started.js';
import { RecordVisits } from '../execution/record-visits.js';
import { RecordWaiting } from '../execution/record-waiting.js';
import { AdmitTurn } from '../model-call/admit-turn.js';
import { CallModel } from '../model-call/call-model.js';
import { Remember } from '../model-call/remember.js';
import { SettleTurn } from '../model-call/settle-turn.js';
import { AdmitFunction } from '../function-call/admit-function.js';
import { RunLocalFunction } from '../function-call/run-local-function.js';
import { SettleFunction } from '../function-call/settle-function.js';
import { RunSegment } from '../segment/run-segment.js';
import { RunToolCall } from '../tool-call/run-tool-call.js';
import { SettleTool } from '../tool-call/settle-tool.js';

/** The engine's activities, each a use case. */
@Injectable()
export class Activities {
  constructor(
    private readonly started: RecordStarted,
    private readonly tool: RunToolCall,
    private readonly model: CallModel,
    private readonly turn: AdmitTurn,
    private readonly settledTurn: SettleTurn,
    private readonly memory: Remember,
    private readonly child: OpenChild,
    private readonly admit: AdmitFunction,
    private readonly settle: SettleFunction,
    private readonly local: RunLocalFunction,
    private readonly segment: RunSegment,
    private readonly visits: RecordVisits,
    private readonly paused: RecordPaused,
    private readonly resumed: RecordResumed,
    private readonly waiting: RecordWaiting,
    private readonly outcome: RecordOutcome,
    private readonly tools: ToolCatalog,
    private readonly settleTool: SettleTool,
    private readonly hours: BusinessHoursRepository,
  ) {}

  all(): ExecutionActivities {
    return {
      recordStarted: (ref) => this.started.run(ref),
      runTool: (call) => this.tool.run(call),
      settleTool: (settlement) => this.settleTool.run(settlement),
      callModel: (call) => this.model.run(call),
      admitTurn: (call) => this.turn.run(call),
      settleTurn: (settlement) => this.settledTurn.run(settlement),
      remember: (call) => this.memory.run(call),
      openChild: (call) => this.child.run(call),
      admitFunction: (call) => this.admit.run(call),
      settleFunction: (settlement) => this.settle.run(settlement),
      runFunction: (call) => this.local.run(call),
      runSegment: (call) => this.segment.run(call),
      describeTool: async ({ ref, tool }) => (await this.tools.of(ref.tenant_id, [tool])).get(tool) ?? null,
      deadlineOf: (asked) => deadlineOf(asked, () => this.hours.of(asked.tenant_id)),
      recordVisits: (args) => this.visits.run(args),
      recordPaused: (args) => this.paused.run(args),
      recordResumed: (args) => this.resumed.run(args),
      recordWaiting: (args) => this.waiting.run(args),
      recordOutcome: (outcome) => this.outcome.run(outcome),
    };
  }
}
