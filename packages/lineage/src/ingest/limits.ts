/** What one event may hold. An event beyond a limit is refused with a typed error and the rest of its log goes on. */
export const limits = {
  /** Characters of a run, project, data set, tag key or kind of fact. */
  nameLength: 1000,
  /** UTF-8 bytes of a metric's name, which is part of an index. */
  metricNameBytes: 1000,
  /** Characters of a component's path. */
  pathLength: 4096,
  /** Characters of a component's leaf, a tag's value or a note. */
  textLength: 262_144,
  /** Paths of one component event. */
  componentEntries: 1_000_000,
  /** Paths of one component event for the configuration, whose leaves are indexed for search. */
  configurationEntries: 50_000,
  /** Points of one metrics event. */
  points: 1_000_000,
  /** Bytes of a blob. */
  blobBytes: 16 * 1024 * 1024,
  /** Characters of the JSON text of a fact, a recipe or a location. */
  jsonLength: 4 * 1024 * 1024,
} as const;
