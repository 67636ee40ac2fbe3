interface Started<T> {
  started_after?: T;
  started_before?: T;
}

/** A filter as the repository takes it. */
export function withDates<Q extends Started<string>>({
  started_after,
  started_before,
  ...rest
}: Q): Omit<Q, keyof Started<string>> & Started<Date> {
  return {
    ...rest,
    ...(started_after === undefined ? {} : { started_after: new Date(started_after) }),
    ...(started_before === undefined ? {} : { started_before: new Date(started_before) }),
  };
}
