/** An installation's two workers with workflows are built apart, so each has versions of its own. */
export const workerDeployments = (name: string): { executions: string; approvals: string } => ({
  executions: `${name}-executions`,
  approvals: `${name}-approvals`,
});
