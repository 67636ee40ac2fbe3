/** Of every graph and approval workflow: a killed worker's task is given out again after this. */
export const WORKFLOW_TASK_TIMEOUT = '2s';
/**
 * Of every activity that names none of its own: a killed worker's calls are given out again after this, also those that
 * the server handed to its last, dead poll.
 */
export const HEARTBEAT_TIMEOUT = '2s';
/** The same of a handler's, whose code may keep its process busy for longer than ours ever does. */
export const HANDLER_HEARTBEAT_TIMEOUT = '5s';
/** Of what is recorded, opened or settled: tried until it is done. */
export const RECORDING_RETRY = { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '30s' } as const;
