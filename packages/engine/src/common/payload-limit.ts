/** Temporal refuses payloads of 2 MiB; the visits that travel along need their share. */
export const PAYLOAD_BYTES = 1_400_000;
