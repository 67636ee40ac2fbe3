export { approvalWorkflow } from './approval-workflow.js';
