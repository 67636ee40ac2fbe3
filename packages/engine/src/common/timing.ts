/** Of every graph and approval workflow: a killed worker's task is given out again after this. */
export const WORKFLOW_TASK_TIMEOUT = '2s';
/**
 * Of every activity that names none of its own: a killed worker's calls are given out again after this, also those that
 * the server handed to its last, dead poll.
 */
export const HEARTBEAT_TIMEOUT = '2s';
