export const USAGE = `npm start                     start everything, run the main job, keep running (Ctrl-C ends it)
npm start -- --yes            approve as acme-approver-1 instead of asking
npm start -- --once           end everything after the main job; the exit code says how it went
npm start -- --detach         return when everything is ready, and leave it running
npm run stop                  end everything; data stays
npm run reset                 end everything and forget its data
npm run -s token -- NAME      print a bearer token of an account
npm run dev                   as npm start, and build and restart what changes
npm test                      every check and suite, on services of its own
npm run bench -- [NAME…]      measure, on a system of its own
npm run campaign -- NAME       the long form of what the suites run in short, with a report
npm run replay -- …           replay histories on this workflow code
npm run export -- FOLDER …    write histories to files
npm run versions              builds of the workers
npm run compare -- WORKFLOW … what executions would have been on another version
npm run audit -- verify FILE   whether an export of the audit is whole`;

/** The person's mistake: shown without a stack. */
export class UsageError extends Error {}
