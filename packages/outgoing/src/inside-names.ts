/** Special-use names (RFC 6761, 6762, 8375) and those by which clouds and clusters name what is theirs. */
const INSIDE = ['localhost', 'local', 'internal', 'localdomain', 'home.arpa'];

export const isInsideName = (host: string): boolean =>
  INSIDE.some((name) => host === name || host.endsWith(`.${name}`));
