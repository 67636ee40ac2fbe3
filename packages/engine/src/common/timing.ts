/** Of every graph and approval workflow: a killed worker's task is given out again after this. */
export const WORKFLOW_TASK_TIMEOUT = '2s';
