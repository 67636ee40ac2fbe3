/** The team's module: the bundler puts it here. */
declare module 'agf-team-graphs';
