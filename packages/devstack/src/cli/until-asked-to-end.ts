const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** @returns once somebody asks this process to end; who asks twice does not want to wait */
export const untilAskedToEnd = (): Promise<void> =>
  new Promise((resolve) => {
    let asked = 0;
    for (const signal of SIGNALS)
      process.on(signal, () => {
        // Ctrl-C reaches a terminal's whole group, and npm passes it on once more.
        if (++asked > 3) process.exit(130);
        resolve();
      });
  });
