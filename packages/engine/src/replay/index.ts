export { exportHistories, type Exported } from './export-histories.js';
export { HistoryFileError, parseHistory, workflowTypeOf, type HistoryFile } from './history-file.js';
export { replayHistories, type ReplayReport } from './replay-histories.js';
