// A command line that cannot be meant: one line for the person, exit code 2.
export class UsageError extends Error {}
