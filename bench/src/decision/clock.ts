/** Milliseconds since 1970, finer than `Date.now()`; the same for all processes of the machine. */
export const clock = (): number => performance.timeOrigin + performance.now();
