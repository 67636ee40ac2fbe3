/** Something of this machine is in the way. The text says what and what to do; where in the code it was noticed helps nobody. */
export class StartError extends Error {}
