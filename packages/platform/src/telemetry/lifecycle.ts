/** Exports what is not yet exported and ends. */
type Stop = () => Promise<void>;

let running: Stop | undefined;

/** A process has one tracer: a second start is ignored. */
export function startOnce(start: () => Stop): void {
  running ??= start();
}

/** The last spans leave the process; a collector that is down delays the end by no more than `timeoutMs`. */
export async function stopTelemetry(timeoutMs = 2000): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, timeoutMs)));
  const stopped = running?.().catch(() => undefined);
  running = undefined;
  await Promise.race([stopped, late]);
  clearTimeout(timer);
}
