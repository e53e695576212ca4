import {
  type ASTVisitor,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValidationContext,
  type ValidationRule,
} from "graphql";
import type { GatewayLimits } from "../../config/config.js";

interface Measures {
  readonly depth: number;
  readonly fields: number;
  readonly aliases: number;
}

const nothing: Measures = { depth: 0, fields: 0, aliases: 0 };

/** Beyond this a count only says "too many"; keeps sums of nested fragments within numbers. */
const ceiling = 1e9;

/** Measures a selection with its fragments written out. Each fragment is measured once, so a fragment bomb costs nothing. */
class Measurer {
  readonly #fragments = new Map<string, Measures>();
  readonly #open = new Set<string>();

  constructor(private readonly fragment: (name: string) => FragmentDefinitionNode | null | undefined) {}

  measure(selection: SelectionSetNode | undefined): Measures {
    let depth = 0;
    let fields = 0;
    let aliases = 0;
    const add = (part: Measures, levels: number): void => {
      depth = Math.max(depth, part.depth + levels);
      fields = Math.min(ceiling, fields + part.fields);
      aliases = Math.min(ceiling, aliases + part.aliases);
    };
    for (const node of selection?.selections ?? []) {
      if (node.kind === Kind.FIELD) {
        // The shape of introspection is fixed and its cost small; it has a switch of its own.
        const introspection = node.name.value === "__schema" || node.name.value === "__type";
        const inner = introspection ? nothing : this.measure(node.selectionSet);
        add({ ...inner, fields: inner.fields + 1, aliases: inner.aliases + (node.alias ? 1 : 0) }, 1);
      } else if (node.kind === Kind.INLINE_FRAGMENT) {
        add(this.measure(node.selectionSet), 0);
      } else {
        add(this.#measureFragment(node.name.value), 0);
      }
    }
    return { depth, fields, aliases };
  }

  #measureFragment(name: string): Measures {
    const known = this.#fragments.get(name);
    if (known) return known;
    // A cycle is refused by another rule; here it must only end.
    if (this.#open.has(name)) return nothing;
    this.#open.add(name);
    const measures = this.measure(this.fragment(name)?.selectionSet);
    this.#open.delete(name);
    this.#fragments.set(name, measures);
    return measures;
  }
}

function tooMuch(what: string, limit: number, got: number): GraphQLError {
  return new GraphQLError(`Expected a query with at most ${limit} ${what}, got ${got}. Split the query.`, {
    extensions: { code: "QUERY_TOO_LARGE", http: { status: 400 } },
  });
}

/** Refuses operations that are too deep, too broad, or ask for one thing under many names. */
export function limitRule(limits: GatewayLimits): ValidationRule {
  return (context: ValidationContext): ASTVisitor => {
    const measurer = new Measurer((name) => context.getFragment(name));
    return {
      OperationDefinition(node: OperationDefinitionNode): void {
        const { depth, fields, aliases } = measurer.measure(node.selectionSet);
        const rootFields = node.selectionSet.selections.length;
        const checks = [
          ["levels of fields", limits.depth, depth],
          ["fields", limits.fields, fields],
          ["aliases", limits.aliases, aliases],
          ["fields at the root", limits.rootFields, rootFields],
        ] as const;
        for (const [what, limit, got] of checks) {
          if (got > limit) context.reportError(tooMuch(what, limit, got));
        }
      },
    };
  };
}
