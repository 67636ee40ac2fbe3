import { proxyLocalActivities } from '@temporalio/workflow';
import {
  RECORDING_RETRY,
  type ExecutionActivities,
  type SegmentCall,
  type SegmentReached,
} from '../../common/index.js';
import { locally } from './locally.js';

type Local = Pick<ExecutionActivities, 'runSegment'>;

/** A segment ends by itself, soon; tried until it does, for what ended in it does not run again. */
export function runSegment(call: SegmentCall): Promise<SegmentReached> {
  const local = proxyLocalActivities<Local>({
    startToCloseTimeout: '120s',
    retry: RECORDING_RETRY,
    localRetryThreshold: '2s',
  });
  return locally(() => local.runSegment(call));
}
