/** Something that the supervisor keeps alive: a service, the issuer, an app. */
export interface Part {
  readonly name: string;
  /** for people: where it came from */
  readonly title: string;
  /**
   * Starts it, or takes over what runs already; waits until it serves.
   * @throws when it cannot, or `signal` is aborted; what was started may live then, {@link down} ends it
   */
  up(signal: AbortSignal): Promise<void>;
  /** whether it lives; it may still be on its way to serve */
  isUp(): boolean;
  /** asks it, over its own protocol */
  serves(): Promise<boolean>;
  /** Ends what this system started, and nothing else. */
  down(): Promise<void>;
}
