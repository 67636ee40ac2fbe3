import { type ExecutionError, shortened } from '@aumos/agf-domain';

/** The error as rows keep it: its text may quote a cell or an input of any length. */
export const bounded = (error: ExecutionError): ExecutionError => ({ ...error, message: shortened(error.message) });
