import { type ServiceName } from './service.js';

/** A service that this system may use: given by URL, run as a process, or run in a container. */
export interface Running {
  readonly name: ServiceName;
  /** for people: where it came from */
  readonly title: string;
  /** Starts it, or finds it running; waits until it is healthy. */
  up(): Promise<void>;
  /** whether nothing has to be done about it; looks at the process, not at its health */
  isUp(): boolean;
  /** Ends what this system started, and nothing else. */
  down(): Promise<void>;
}
