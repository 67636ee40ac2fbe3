/** Injects the frozen settings: `constructor(@Inject(SETTINGS) private readonly settings: GatewaySettings)`. */
export const SETTINGS = Symbol('SETTINGS');
