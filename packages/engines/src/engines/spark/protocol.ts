import { fromJSON, type PackageDefinition } from "@grpc/proto-loader";

type Descriptor = Parameters<typeof fromJSON>[0];

const field = (type: string, id: number): { type: string; id: number } => ({ type, id });
const repeated = (type: string, id: number): { rule: string; type: string; id: number } => ({
  rule: "repeated",
  type,
  id,
});

/**
 * The part of Spark Connect's protocol that this client speaks, with the names and numbers of Apache Spark 4.0's
 * `spark/connect/{base,relations,expressions,types}.proto`. Fields that are not named here are skipped when they come.
 */
const messages = {
  UserContext: { fields: { user_id: field("string", 1) } },
  // Types without parameters are messages without fields that differ by their number here only.
  DataType: {
    fields: {
      null: field("PlainType", 1),
      binary: field("PlainType", 2),
      boolean: field("PlainType", 3),
      long: field("PlainType", 7),
      double: field("PlainType", 9),
      string: field("PlainType", 11),
    },
  },
  PlainType: { fields: {} },
  Decimal: { fields: { value: field("string", 1), precision: field("int32", 2), scale: field("int32", 3) } },
  Literal: {
    fields: {
      null: field("DataType", 1),
      binary: field("bytes", 2),
      boolean: field("bool", 3),
      long: field("int64", 7),
      double: field("double", 11),
      decimal: field("Decimal", 12),
      string: field("string", 13),
    },
  },
  UnresolvedFunction: { fields: { function_name: field("string", 1), arguments: repeated("Expression", 2) } },
  Expression: { fields: { literal: field("Literal", 1), unresolved_function: field("UnresolvedFunction", 3) } },
  Sql: {
    fields: { query: field("string", 1), named_arguments: { keyType: "string", ...field("Expression", 4) } },
  },
  RelationCommon: { fields: { plan_id: field("int64", 2) } },
  Relation: { fields: { common: field("RelationCommon", 1), sql: field("Sql", 10) } },
  Plan: { fields: { root: field("Relation", 1) } },
  ExecutePlanRequest: {
    fields: {
      session_id: field("string", 1),
      user_context: field("UserContext", 2),
      plan: field("Plan", 3),
      client_type: field("string", 4),
      operation_id: field("string", 6),
      client_observed_server_side_session_id: field("string", 8),
    },
  },
  ArrowBatch: { fields: { row_count: field("int64", 1), data: field("bytes", 2) } },
  ExecutionProgress: { fields: { num_inflight_tasks: field("int64", 2) } },
  ExecutePlanResponse: {
    fields: { arrow_batch: field("ArrowBatch", 2), execution_progress: field("ExecutionProgress", 18) },
  },
  KeyValue: { fields: { key: field("string", 1), value: field("string", 2) } },
  Set: { fields: { pairs: repeated("KeyValue", 1) } },
  Operation: { fields: { set: field("Set", 1) } },
  ConfigRequest: {
    fields: {
      session_id: field("string", 1),
      user_context: field("UserContext", 2),
      operation: field("Operation", 3),
      client_type: field("string", 4),
    },
  },
  ConfigResponse: { fields: { server_side_session_id: field("string", 4) } },
  InterruptRequest: {
    fields: {
      session_id: field("string", 1),
      user_context: field("UserContext", 2),
      client_type: field("string", 3),
      interrupt_type: field("int32", 4),
      operation_id: field("string", 6),
    },
  },
  InterruptResponse: { fields: { interrupted_ids: repeated("string", 2) } },
  ReleaseSessionRequest: {
    fields: { session_id: field("string", 1), user_context: field("UserContext", 2), client_type: field("string", 3) },
  },
  ReleaseSessionResponse: { fields: { session_id: field("string", 1) } },
  SparkConnectService: {
    methods: {
      ExecutePlan: {
        requestType: "ExecutePlanRequest",
        responseType: "ExecutePlanResponse",
        responseStream: true,
        comment: "",
      },
      Config: { requestType: "ConfigRequest", responseType: "ConfigResponse", comment: "" },
      Interrupt: { requestType: "InterruptRequest", responseType: "InterruptResponse", comment: "" },
      ReleaseSession: { requestType: "ReleaseSessionRequest", responseType: "ReleaseSessionResponse", comment: "" },
    },
  },
};

/** `INTERRUPT_TYPE_OPERATION_ID` of Spark's `InterruptRequest.InterruptType`. */
export const interruptByOperation = 3;

const descriptor: Descriptor = { nested: { spark: { nested: { connect: { nested: messages } } } } };

/** How requests and responses of one method are written and read. */
export interface Method {
  readonly path: string;
  readonly requestSerialize: (value: object) => Buffer;
  readonly responseDeserialize: (bytes: Buffer) => unknown;
}

export type MethodName = "ExecutePlan" | "Config" | "Interrupt" | "ReleaseSession";

/** The service's methods by name. */
export function sparkConnectMethods(): Readonly<Record<MethodName, Method>> {
  const definition: PackageDefinition = fromJSON(descriptor, { longs: String, arrays: true });
  return definition["spark.connect.SparkConnectService"] as unknown as Readonly<Record<MethodName, Method>>;
}
