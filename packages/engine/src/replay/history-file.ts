/** A history as it is kept in a file: with the large values that it names, so that it replays anywhere. */
export interface HistoryFile {
  format: 'agf/history/v1';
  workflow_id: string;
  run_id: string;
  /** Temporal's JSON of a history */
  history: { events: HistoryEvent[] };
  /** base64, by `<tenant>/<id>` */
  payloads: Record<string, string>;
}

/** Of an event, what is looked at. */
export interface HistoryEvent {
  workflowExecutionStartedEventAttributes?: { workflowType?: { name?: string }; originalExecutionRunId?: string };
}

/** The file is none, or of another kind. */
export class HistoryFileError extends Error {
  override readonly name = 'HistoryFileError';
}

/**
 * Reads an exported history, and what Temporal's own tools write (a history alone).
 * @param name what a history without a name is called
 * @throws HistoryFileError
 */
export function parseHistory(text: string, name: string): HistoryFile {
  let value: Partial<HistoryFile> & { events?: HistoryEvent[] };
  try {
    value = JSON.parse(text) as typeof value;
  } catch (error) {
    throw new HistoryFileError(`${name} is not JSON: ${(error as Error).message}`);
  }
  const history = value.format === 'agf/history/v1' ? value.history : { events: value.events ?? [] };
  if (!Array.isArray(history?.events) || history.events.length === 0)
    throw new HistoryFileError(`${name} holds no history`);
  return {
    format: 'agf/history/v1',
    workflow_id: value.workflow_id ?? name,
    run_id: value.run_id ?? startOf(history.events)?.originalExecutionRunId ?? '',
    history: history,
    payloads: value.payloads ?? {},
  };
}

const startOf = ([first]: readonly HistoryEvent[]) => first?.workflowExecutionStartedEventAttributes;

/** The workflow's type; empty where the history does not begin with its start. */
export const workflowTypeOf = ({ history }: HistoryFile): string => startOf(history.events)?.workflowType?.name ?? '';
