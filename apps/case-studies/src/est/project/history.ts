/** How many places of how many files a version changed against the one before. */
export interface VersionSize {
  readonly hunks: number;
  readonly files: number;
}

/** Where the versions of the project are kept. */
export interface ProjectHistory {
  /** Takes what lies in the work tree as the next version. */
  commit(message: string): VersionSize;
}
