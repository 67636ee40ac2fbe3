import { HistoryFileError } from '@aumos/agf-engine/replay';
import { quietRuntime } from '@aumos/agf-engine/worker';
import { SettingsError } from '@aumos/agf-platform';
import { isGrpcServiceError, WorkflowNotFoundError } from '@temporalio/client';
import { exportCommand } from './export-command.js';
import { Installation } from './installation.js';
import { replayCommand } from './replay-command.js';
import { UsageError, type Io } from './usage.js';
import { versionsCommand } from './versions-command.js';

const COMMANDS: Record<string, (args: string[], installation: Installation, io: Io) => Promise<boolean>> = {
  replay: replayCommand,
  export: exportCommand,
  versions: versionsCommand,
};

const USAGE = `replay PATH…                      replay exported histories (files, folders) on this build's workflow code
replay --execution TENANT/ID…     those of executions; with /approval/ in between, of an approval
replay --newest N [--workflow W]  those of the newest executions, of the workflow with this name
export FOLDER …                   write histories to files instead; the same options
versions                          builds of the workers, and which is current
versions current WORKER [BUILD]   work of executions|approvals begins on this build; without one, on unversioned workers
versions move TENANT/ID           replay an execution on this build's code, then let it go on there
--json                            one JSON value a line`;

/** @returns the exit code: 1 where something does not replay or is not there, 2 where the command makes no sense */
export async function operate([name = '', ...args]: string[], io: Io): Promise<number> {
  quietRuntime();
  const installation = new Installation(io.env);
  try {
    const command = COMMANDS[name];
    if (!command) throw new UsageError(USAGE);
    return (await command(args, installation, io)) ? 0 : 1;
  } catch (error) {
    const mistake = error instanceof UsageError || isParseError(error);
    if (!mistake && !isExpected(error)) throw error;
    io.complain((error as Error).message);
    return mistake ? 2 : 1;
  } finally {
    await installation.close();
  }
}

const isParseError = (error: unknown): boolean =>
  String((error as { code?: unknown }).code).startsWith('ERR_PARSE_ARGS');
const isExpected = (error: unknown): boolean =>
  isGrpcServiceError(error) ||
  error instanceof HistoryFileError ||
  error instanceof SettingsError ||
  error instanceof WorkflowNotFoundError;
