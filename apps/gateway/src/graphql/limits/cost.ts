import {
  type ArgumentNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  getOperationAST,
  isCompositeType,
  isListType,
  isNonNullType,
  Kind,
  type SelectionSetNode,
} from "graphql";

type Variables = Readonly<Record<string, unknown>>;
/** The cost of a part of a query, once its variables are known. */
type Cost = (variables: Variables) => number;

/** Items assumed of a list that has no argument for its size. */
const assumedItems = 5;
/** Points and graph nodes weigh less than fields: they are copied, not resolved. */
const bulkWeight = 0.02;
/** What fields cost beside their values because they compute: whole comparisons, walks, statistics. */
const computing: ReadonlyMap<string, number> = new Map([
  ["compareRuns", 500],
  ["explainRegression", 2_000],
  ["readiness", 500],
  ["configurationDebt", 2_000],
  ["recordReadinessEvidence", 500],
  ["cycles", 500],
  ["impact", 500],
  ["totalCount", 50],
]);

function numberArgument(field: GraphQLField<unknown, unknown>, node: FieldNode, name: string): Cost | undefined {
  const definition = field.args.find((argument) => argument.name === name);
  if (!definition) return undefined;
  const fallback = typeof definition.defaultValue === "number" ? definition.defaultValue : 50;
  const given: ArgumentNode | undefined = node.arguments?.find((argument) => argument.name.value === name);
  if (!given) return () => fallback;
  if (given.value.kind === Kind.INT) {
    const value = Math.max(1, Number(given.value.value));
    return () => value;
  }
  if (given.value.kind !== Kind.VARIABLE) return () => fallback;
  const variable = given.value.name.value;
  return (variables) => {
    const value = variables[variable];
    return typeof value === "number" && value > 0 ? value : fallback;
  };
}

function isList(field: GraphQLField<unknown, unknown>): boolean {
  return isListType(isNonNullType(field.type) ? field.type.ofType : field.type);
}

/** Fragments within fragments are reached along many ways; each is computed once for the variables of a request. */
function oncePerRequest(cost: Cost): Cost {
  let last: Variables | undefined;
  let value = 0;
  return (variables) => {
    if (variables !== last) {
      value = cost(variables);
      last = variables;
    }
    return value;
  };
}

class CostPlanner {
  readonly #fragments = new Map<string, FragmentDefinitionNode>();
  readonly #planned = new Map<string, Cost>();

  constructor(
    private readonly schema: GraphQLSchema,
    document: DocumentNode,
  ) {
    for (const node of document.definitions) {
      if (node.kind === Kind.FRAGMENT_DEFINITION) this.#fragments.set(node.name.value, node);
    }
  }

  plan(selection: SelectionSetNode | undefined, type: GraphQLCompositeType): Cost {
    const parts = (selection?.selections ?? []).map((node): Cost => {
      if (node.kind === Kind.FIELD) return this.#planField(node, type);
      if (node.kind === Kind.INLINE_FRAGMENT) {
        return this.plan(node.selectionSet, this.#composite(node.typeCondition?.name.value) ?? type);
      }
      return this.#planFragment(node.name.value);
    });
    return (variables) => parts.reduce((sum, part) => sum + part(variables), 0);
  }

  #composite(name: string | undefined): GraphQLCompositeType | undefined {
    const type = name === undefined ? undefined : this.schema.getType(name);
    return isCompositeType(type) ? type : undefined;
  }

  #planFragment(name: string): Cost {
    const known = this.#planned.get(name);
    if (known) return known;
    // A fragment within itself is refused by another rule; here it must only end.
    this.#planned.set(name, () => 0);
    const fragment = this.#fragments.get(name);
    const type = this.#composite(fragment?.typeCondition.name.value);
    const cost = fragment && type ? oncePerRequest(this.plan(fragment.selectionSet, type)) : () => 0;
    this.#planned.set(name, cost);
    return cost;
  }

  #planField(node: FieldNode, parent: GraphQLCompositeType): Cost {
    const field = "getFields" in parent ? parent.getFields()[node.name.value] : undefined;
    if (!field) return () => 1;
    const own = 1 + (computing.get(field.name) ?? 0);
    const type = getNamedType(field.type);
    const inner = isCompositeType(type) ? this.plan(node.selectionSet, type) : () => 0;
    const bulk = numberArgument(field, node, "maxPoints") ?? numberArgument(field, node, "maxNodes");
    if (bulk) return (variables) => own + inner(variables) + bulk(variables) * bulkWeight;
    const size = numberArgument(field, node, "first");
    if (size) return (variables) => own + size(variables) * inner(variables);
    // The pages of a connection were counted at the field with the argument; its edges and nodes are the same items.
    const counted = field.name === "edges" || field.name === "nodes";
    const items = isList(field) && !counted ? assumedItems : 1;
    return (variables) => own + items * inner(variables);
  }
}

/**
 * Plans what the operations of a document cost: about the number of values that they read. Planned once a document;
 * then each request costs a few multiplications.
 */
export function planCost(schema: GraphQLSchema, document: DocumentNode, operationName: string | undefined): Cost {
  const operation = getOperationAST(document, operationName);
  const type = operation ? schema.getRootType(operation.operation) : undefined;
  if (!operation || !type) return () => 0;
  return new CostPlanner(schema, document).plan(operation.selectionSet, type);
}
