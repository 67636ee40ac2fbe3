import type { SegmentCall, SegmentReached } from '@aumos/agf-engine/common';
import { runSegment } from '@aumos/agf-engine/segment';
import { Injectable } from '@nestjs/common';
import { SegmentDesk } from './segment-desk.js';

/** Steps of local functions in this process, each in the journal before the next. */
@Injectable()
export class RunSegment {
  constructor(private readonly desk: SegmentDesk) {}

  run(call: SegmentCall): Promise<SegmentReached> {
    return runSegment(call, this.desk);
  }
}
