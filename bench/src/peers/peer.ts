/** Another durable engine in its usual setting, with the same work: each step adds one, and is durable before the next. */
export interface Peer {
  name: string;
  /** So many steps, one after the other. @returns how many steps counted */
  chain(length: number): Promise<number>;
  /** So many steps at once, and what joins them. @returns how many steps counted */
  fanout(width: number): Promise<number>;
  close(): Promise<void>;
}

/** A step's work. */
export const addOne = async (n: number): Promise<number> => Promise.resolve(n + 1);

/** Connections to PostgreSQL that each peer may have. */
export const POOL = 20;
