export { runSegment } from './run-segment.js';
export type { JournalledVisit, SegmentDesk, SegmentRecords, SegmentVisit } from './desk.js';
