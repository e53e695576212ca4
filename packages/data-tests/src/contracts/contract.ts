import { z } from "zod";

/** The shape of a contract of the Open Data Contract Standard 3.1.0. What the standard does not know is refused. */

const id = z.string().regex(/^[A-Za-z0-9_-]+$/, "may have letters, digits, - and _ only");
const tags = z.array(z.string());
const customProperties = z.array(
  z.strictObject({ id: id.optional(), property: z.string(), value: z.unknown(), description: z.string().optional() }),
);
const authoritativeDefinitions = z.array(
  z.strictObject({ id: id.optional(), url: z.string(), type: z.string(), description: z.string().optional() }),
);

/** What every part of the schema may say for people. */
const elementShape = {
  id: id.optional(),
  physicalType: z.string().optional(),
  description: z.string().optional(),
  businessName: z.string().optional(),
  authoritativeDefinitions: authoritativeDefinitions.optional(),
  tags: tags.optional(),
  customProperties: customProperties.optional(),
} as const;

export const operators = [
  "mustBe",
  "mustNotBe",
  "mustBeGreaterThan",
  "mustBeGreaterOrEqualTo",
  "mustBeLessThan",
  "mustBeLessOrEqualTo",
  "mustBeBetween",
  "mustNotBeBetween",
] as const;

const interval = z.tuple([z.number(), z.number()]).refine(([low, high]) => low !== high, "needs two different numbers");

const ruleSchema = z
  .strictObject({
    id: id.optional(),
    name: z.string().optional(),
    type: z.enum(["text", "library", "sql", "custom"]).optional(),
    description: z.string().optional(),
    dimension: z
      .enum(["accuracy", "completeness", "conformity", "consistency", "coverage", "timeliness", "uniqueness"])
      .optional(),
    method: z.string().optional(),
    severity: z.string().optional(),
    businessImpact: z.string().optional(),
    unit: z.string().optional(),
    schedule: z.string().optional(),
    scheduler: z.string().optional(),
    tags: tags.optional(),
    customProperties: customProperties.optional(),
    authoritativeDefinitions: authoritativeDefinitions.optional(),
    metric: z.enum(["nullValues", "missingValues", "invalidValues", "duplicateValues", "rowCount"]).optional(),
    rule: z.string().optional(),
    arguments: z.record(z.string(), z.unknown()).optional(),
    mustBe: z.unknown().optional(),
    mustNotBe: z.unknown().optional(),
    mustBeGreaterThan: z.number().optional(),
    mustBeGreaterOrEqualTo: z.number().optional(),
    mustBeLessThan: z.number().optional(),
    mustBeLessOrEqualTo: z.number().optional(),
    mustBeBetween: interval.optional(),
    mustNotBeBetween: interval.optional(),
    query: z.string().optional(),
    engine: z.string().optional(),
    implementation: z.union([z.string(), z.record(z.string(), z.unknown())]).optional(),
  })
  .superRefine((rule, context) => {
    const refuse = (message: string) => context.addIssue({ code: "custom", message });
    const isLibrary = rule.type === "library" || rule.metric !== undefined;
    const isSql = rule.type === "sql";
    const given = operators.filter((operator) => rule[operator] !== undefined);
    if ((isLibrary || isSql) && given.length !== 1) refuse(`needs one operator, not ${given.join(" and ") || "none"}`);
    if (!isLibrary && !isSql && given.length > 0) refuse(`has ${given.join(" and ")} without a metric or a query`);
    if (isLibrary && rule.metric === undefined) refuse("needs a metric");
    if (!isLibrary && (rule.arguments !== undefined || rule.rule !== undefined))
      refuse("has arguments without a metric");
    if (isSql && rule.query === undefined) refuse("needs a query");
    if (!isSql && rule.query !== undefined) refuse("has a query without the type sql");
    const custom = [rule.engine, rule.implementation].filter((part) => part !== undefined).length;
    if (rule.type === "custom" ? custom !== 2 : custom > 0) {
      refuse("needs engine and implementation with the type custom, and has them with no other");
    }
  });

export const logicalTypes = [
  "string",
  "date",
  "timestamp",
  "time",
  "number",
  "integer",
  "object",
  "array",
  "boolean",
] as const;
export type LogicalType = (typeof logicalTypes)[number];

const size = z.int().min(0).optional();
const numberBounds = {
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
  exclusiveMaximum: z.number().optional(),
  multipleOf: z.number().positive().optional(),
} as const;
const timeBounds = {
  minimum: z.string().optional(),
  maximum: z.string().optional(),
  exclusiveMinimum: z.string().optional(),
  exclusiveMaximum: z.string().optional(),
  format: z.string().optional(),
} as const;
const zones = { timezone: z.boolean().optional(), defaultTimezone: z.string().optional() } as const;
const bits = ["8", "16", "32", "64", "128"].flatMap((size) => [`i${size}`, `u${size}`]);

/** Options that each logical type may have. */
const typeOptions: Readonly<Record<LogicalType, z.ZodType>> = {
  string: z.strictObject({
    minLength: size,
    maxLength: size,
    pattern: z.string().optional(),
    format: z.string().optional(),
  }),
  date: z.strictObject(timeBounds),
  timestamp: z.strictObject({ ...timeBounds, ...zones }),
  time: z.strictObject({ ...timeBounds, ...zones }),
  integer: z.strictObject({ ...numberBounds, format: z.enum(bits as [string, ...string[]]).optional() }),
  number: z.strictObject({ ...numberBounds, format: z.enum(["f32", "f64"]).optional() }),
  object: z.looseObject({ maxProperties: size, minProperties: size, required: z.array(z.string()).min(1).optional() }),
  array: z.looseObject({ maxItems: size, minItems: size, uniqueItems: z.boolean().optional() }),
  boolean: z.record(z.string(), z.unknown()),
};

const shorthand = /^[A-Za-z_][A-Za-z0-9_]*\.[A-Za-z_][A-Za-z0-9_]*$/;
const qualified =
  /^(?:(?:https?:\/\/)?[A-Za-z0-9._\-/]+\.yaml#)?\/?[A-Za-z_][A-Za-z0-9_]*\/[A-Za-z0-9_-]+(?:\/[A-Za-z_][A-Za-z0-9_]*\/[A-Za-z0-9_-]+)*$/;
const target = z
  .string()
  .refine((text) => shorthand.test(text) || qualified.test(text), "is no reference such as table.column");
const targets = z.union([target, z.array(target).min(1)]);
const relationshipShape = {
  type: z.literal("foreignKey").optional(),
  to: targets,
  customProperties: customProperties.optional(),
} as const;

const propertyShape = {
  ...elementShape,
  primaryKey: z.boolean().optional(),
  primaryKeyPosition: z.int().optional(),
  logicalType: z.enum(logicalTypes).optional(),
  logicalTypeOptions: z.record(z.string(), z.unknown()).optional(),
  physicalName: z.string().optional(),
  required: z.boolean().optional(),
  unique: z.boolean().optional(),
  partitioned: z.boolean().optional(),
  partitionKeyPosition: z.int().optional(),
  classification: z.string().optional(),
  encryptedName: z.string().optional(),
  transformSourceObjects: z.array(z.string()).optional(),
  transformLogic: z.string().optional(),
  transformDescription: z.string().optional(),
  examples: z.array(z.unknown()).optional(),
  criticalDataElement: z.boolean().optional(),
  relationships: z.array(z.strictObject(relationshipShape)).optional(),
  quality: z.array(ruleSchema).optional(),
} as const;

function checkType(
  property: {
    logicalType?: LogicalType | undefined;
    logicalTypeOptions?: unknown;
    items?: unknown;
    properties?: unknown;
  },
  context: z.RefinementCtx,
): void {
  const { logicalType, logicalTypeOptions, items, properties } = property;
  if (logicalTypeOptions !== undefined) {
    const parsed = (logicalType === undefined ? z.strictObject({}) : typeOptions[logicalType]).safeParse(
      logicalTypeOptions,
    );
    for (const issue of parsed.error?.issues ?? []) {
      context.addIssue({ code: "custom", message: issue.message, path: ["logicalTypeOptions", ...issue.path] });
    }
  }
  if (items !== undefined && logicalType !== undefined && logicalType !== "array")
    context.addIssue({ code: "custom", message: "is no array", path: ["items"] });
  if (properties !== undefined && logicalType !== undefined && logicalType !== "object") {
    context.addIssue({ code: "custom", message: "is no object", path: ["properties"] });
  }
}

/** A column, or a part of one. */
export interface ContractProperty extends z.infer<z.ZodObject<typeof propertyShape>> {
  readonly name: string;
  readonly properties?: readonly ContractProperty[] | undefined;
  readonly items?: unknown;
}

const propertySchema: z.ZodType<ContractProperty> = z
  .strictObject({
    ...propertyShape,
    name: z.string(),
    get properties() {
      return z.array(propertySchema).optional();
    },
    get items() {
      return itemSchema.optional();
    },
  })
  .superRefine(checkType) as unknown as z.ZodType<ContractProperty>;

const itemSchema: z.ZodType = z.lazy(() =>
  z
    .strictObject({
      ...propertyShape,
      name: z.string().optional(),
      properties: z.array(propertySchema).optional(),
      items: itemSchema.optional(),
    })
    .superRefine(checkType),
);

const objectSchema = z.strictObject({
  ...elementShape,
  name: z.string(),
  logicalType: z.literal("object").optional(),
  physicalName: z.string().optional(),
  dataGranularityDescription: z.string().optional(),
  properties: z.array(propertySchema).optional(),
  relationships: z
    .array(
      z
        .strictObject({ ...relationshipShape, from: targets })
        .refine(
          ({ from, to }) => Array.isArray(from) === Array.isArray(to) && from.length > 0,
          "needs from and to of one kind",
        ),
    )
    .optional(),
  quality: z.array(ruleSchema).optional(),
});

const serviceLevelSchema = z.strictObject({
  id: id.optional(),
  property: z.string(),
  value: z.union([z.string(), z.number(), z.boolean(), z.null()]),
  valueExt: z.union([z.string(), z.number(), z.boolean(), z.null()]).optional(),
  unit: z.string().optional(),
  element: z.string().optional(),
  driver: z.string().optional(),
  description: z.string().optional(),
  scheduler: z.string().optional(),
  schedule: z.string().optional(),
});

const role = z.strictObject({
  id: id.optional(),
  role: z.string(),
  description: z.string().optional(),
  access: z.string().optional(),
  firstLevelApprovers: z.string().optional(),
  secondLevelApprovers: z.string().optional(),
  customProperties: customProperties.optional(),
});

const member = z.strictObject({
  id: id.optional(),
  username: z.string(),
  name: z.string().optional(),
  description: z.string().optional(),
  role: z.string().optional(),
  dateIn: z.string().optional(),
  dateOut: z.string().optional(),
  replacedByUsername: z.string().optional(),
  tags: tags.optional(),
  customProperties: customProperties.optional(),
  authoritativeDefinitions: authoritativeDefinitions.optional(),
});

export const contractSchema = z.strictObject({
  version: z.string(),
  kind: z.literal("DataContract"),
  apiVersion: z.enum(["v3.1.0", "v3.0.2", "v3.0.1", "v3.0.0"]),
  id: z.string(),
  name: z.string().optional(),
  tenant: z.string().optional(),
  tags: tags.optional(),
  status: z.string(),
  // Where data lies says nothing about the data, and each of 33 kinds of servers has fields of its own.
  servers: z.array(z.looseObject({ server: z.string(), type: z.string() })).optional(),
  dataProduct: z.string().optional(),
  description: z
    .looseObject({
      usage: z.string().optional(),
      purpose: z.string().optional(),
      limitations: z.string().optional(),
      authoritativeDefinitions: authoritativeDefinitions.optional(),
      customProperties: customProperties.optional(),
    })
    .optional(),
  domain: z.string().optional(),
  schema: z.array(objectSchema).optional(),
  support: z
    .array(
      z.strictObject({
        id: id.optional(),
        channel: z.string(),
        url: z.string().optional(),
        description: z.string().optional(),
        tool: z.string().optional(),
        scope: z.string().optional(),
        invitationUrl: z.string().optional(),
        customProperties: customProperties.optional(),
      }),
    )
    .optional(),
  price: z
    .strictObject({
      id: id.optional(),
      priceAmount: z.number().optional(),
      priceCurrency: z.string().optional(),
      priceUnit: z.string().optional(),
    })
    .optional(),
  team: z
    .union([
      z.array(member),
      z.strictObject({
        id: id.optional(),
        name: z.string().optional(),
        description: z.string().optional(),
        members: z.array(member).optional(),
        tags: tags.optional(),
        customProperties: customProperties.optional(),
        authoritativeDefinitions: authoritativeDefinitions.optional(),
      }),
    ])
    .optional(),
  roles: z.array(role).optional(),
  slaDefaultElement: z.string().optional(),
  slaProperties: z.array(serviceLevelSchema).optional(),
  authoritativeDefinitions: authoritativeDefinitions.optional(),
  customProperties: customProperties.optional(),
  contractCreatedTs: z.string().optional(),
});

export type QualityRule = z.infer<typeof ruleSchema>;
export type ContractObject = z.infer<typeof objectSchema>;
export type ServiceLevel = z.infer<typeof serviceLevelSchema>;
/** A data contract of the Open Data Contract Standard, field by field as the standard writes it. */
export type DataContract = z.infer<typeof contractSchema>;
