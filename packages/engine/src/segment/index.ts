export { runSegment } from './run-segment.js';
export type { JournalledVisit, SegmentDesk, SegmentRecords } from './desk.js';
