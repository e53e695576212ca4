/** Types that every slice may refer to. SDL text, so that a slice needs no GraphQL library to name them. */
export const baseTypeDefs = /* GraphQL */ `
"""A moment in UTC as ISO 8601 text with milliseconds, such as 2026-01-31T12:00:00.000Z."""
scalar DateTime

"""A length of time as a number of milliseconds; may have a fraction."""
scalar Duration

"""A size as a whole number of bytes, up to 2^53 - 1."""
scalar Bytes

"""
A measured number. Finite values are JSON numbers; what JSON has no number for is one of the texts "NaN", "Infinity",
"-Infinity" and "-0". Its unit is that of the metric it belongs to.
"""
scalar MetricValue

"""
One recorded value: text, number, true, false or null. NaN, infinities and -0 stand as an object with the single key
$number, such as {"$number": "NaN"}, so that they differ from text.
"""
scalar Leaf

"""Any JSON, only where the shape is the user's own. NaN, infinities and -0 stand as in Leaf."""
scalar JSON

"""Anything with an id that stays the same and is the only one of its kind."""
interface Node {
  """Global id: base64 of the type's name, a colon, and the entity's UUID."""
  id: ID!
}

"""Where a page lies within its list."""
type PageInfo {
  """True when items follow this page."""
  hasNextPage: Boolean!
  """True when the page was asked for with a cursor, so that items come before it."""
  hasPreviousPage: Boolean!
  """Cursor of the first item of the page; null on an empty page."""
  startCursor: String
  """Cursor of the last item of the page, for the argument after of the next one; null on an empty page."""
  endCursor: String
}

"""Why a mutation was refused. An expected outcome, not a defect."""
type UserError {
  """Stable upper snake case code, such as RUN_NOT_FOUND."""
  code: String!
  """The whole sentence for people: expected, got, what to do."""
  message: String!
  """What was expected, as the end of the sentence "expected ..."."""
  expected: String!
  """What came instead, as the end of the sentence "got ..."."""
  got: String!
  """What to do next, a whole sentence."""
  todo: String!
  """True when the same call can succeed later without a change."""
  retryable: Boolean!
}

extend type Query {
  """The entity with this id; null when there is none."""
  node(
    """Global id."""
    id: ID!
  ): Node
  """The entities with these ids, in their order; null where there is none. At most 100 ids."""
  nodes(
    """Global ids."""
    ids: [ID!]!
  ): [Node]!
}
`;
