/** As much as a state may hold. Source: the definition language, "limits". */
export const MOST_BYTES = 8 * 1024 * 1024;
