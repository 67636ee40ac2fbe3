import { ToolError, type Json } from '@aumos/agf-domain';
import { handlerCallOf, type ExecutionRef, type FunctionCall } from '../../src/common/index.js';
import type { JournalledVisit, SegmentDesk, SegmentRecords } from '../../src/segment/index.js';
import type { MemoryActivities } from './memory-activities.js';

/** A segment's journal in memory, beside the other activities'. */
export class MemoryDesk implements SegmentDesk {
  constructor(private readonly activities: MemoryActivities) {}

  ended: SegmentDesk['ended'] = async (ref, sites) =>
    sites.flatMap(({ node, visit }) => this.endedOf(ref, node, visit) ?? []);

  admit: SegmentDesk['admit'] = async (call) => {
    const answer = this.activities.admissions.get(call.handler)?.(call);
    if (answer && answer.kind !== 'completed') return answer;
    this.activities.of(call.ref.execution_id).log.push(`admit ${call.node}#${String(call.visit)}`);
    return { kind: 'admitted', permit: { id: call.node, links: [] } };
  };

  handle = async (call: FunctionCall, attempt: number): Promise<Json> => {
    const body = this.activities.handlers.get(call.handler);
    if (!body) throw new ToolError('UNKNOWN_HANDLER', 'no such handler');
    return body(call.arguments, handlerCallOf(call), attempt);
  };

  report: SegmentDesk['report'] = async () => undefined;

  record = async ({ ref, ended, visits, steps }: SegmentRecords): Promise<JournalledVisit[]> => {
    const fails = this.activities.failSegmentRecords;
    if (visits.length > 0 && fails.times > 0 && fails.after-- <= 0 && fails.times-- > 0)
      throw new ToolError('DATABASE_AWAY', 'away', true);
    const others = visits.flatMap(({ node, visit }) => this.endedOf(ref, node, visit) ?? []);
    this.activities.keep(ref, { ended: [...ended, ...visits], steps: [...steps] });
    return others;
  };

  private endedOf(ref: ExecutionRef, node: string, visit: number): JournalledVisit | undefined {
    return this.activities.of(ref.execution_id).visits.find((each) => each.node === node && each.visit === visit);
  }
}
