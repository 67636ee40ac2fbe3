const TEXT = {
  time: 'It takes too long to simulate',
  memory: 'It takes too much memory to simulate',
  size: 'What the simulation came to is too large',
} as const;

/** A simulation that was broken off. */
export class SimulationLimitError extends Error {
  constructor(
    readonly limit: keyof typeof TEXT,
    options?: ErrorOptions,
  ) {
    super(TEXT[limit], options);
    this.name = 'SimulationLimitError';
  }
}

/** More simulations wait than can be made soon. */
export class SimulationsBusyError extends Error {
  constructor() {
    super('Too many simulations are under way');
    this.name = 'SimulationsBusyError';
  }
}
