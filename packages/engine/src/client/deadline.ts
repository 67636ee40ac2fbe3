import type { Client } from '@temporalio/client';
import { isGrpcServiceError } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';

/** A call to Temporal that got no answer in this time is given up: its caller's sweep repeats it. */
const CALL_DEADLINE_MS = 5_000;

export const withinDeadline = <T>(client: Client, call: () => Promise<T>): Promise<T> =>
  client.withDeadline(Date.now() + CALL_DEADLINE_MS, call);

const GRPC_NOT_FOUND = 5;

/** The workflow is over, or was never started. */
export const isGone = (error: unknown): boolean =>
  error instanceof WorkflowNotFoundError ||
  (isGrpcServiceError(error) && error.code === (GRPC_NOT_FOUND as typeof error.code));
