/** A contract with something of everything. */
export const orders = `
apiVersion: v3.1.0
kind: DataContract
id: orders-contract
version: 1.4.0
status: active
price: { priceAmount: 10, priceCurrency: EUR, priceUnit: month }
team: { name: sales team }
schema:
  - name: orders
    physicalName: orders_v2
    businessName: Orders
    properties:
      - name: order_id
        id: order_id
        logicalType: integer
        required: true
        unique: true
        primaryKey: true
        primaryKeyPosition: 1
        classification: public
      - name: ordered_at
        logicalType: timestamp
        logicalTypeOptions: { timezone: false }
      - name: price
        physicalName: price_eur
        logicalType: number
        logicalTypeOptions: { minimum: 0, maximum: 10000 }
        quality:
          - name: few missing prices
            metric: nullValues
            mustBeLessThan: 5
            unit: percent
            severity: warning
      - name: country
        logicalType: string
        logicalTypeOptions: { minLength: 2, maxLength: 2, pattern: "^[A-Z]{2}$" }
        quality:
          - metric: invalidValues
            arguments: { validValues: [DE, FR] }
            mustBeLessOrEqualTo: 1
            unit: percent
            dimension: conformity
            description: we sell there
      - name: customer
        relationships:
          - to: customers.id
    quality:
      - id: enough_rows
        metric: rowCount
        mustBeGreaterOrEqualTo: 3
      - id: few_dear
        type: sql
        query: SELECT count(*) FROM {object} WHERE price_eur > 9000;
        mustBeLessOrEqualTo: 1
        severity: info
      - type: text
        description: Orders are final.
      - type: custom
        engine: soda
        implementation: "type: duplicate_percent"
      - type: custom
        engine: deepwright
        implementation: { kind: notInSet, column: country, values: [XX], id: own rule }
  - name: customers
    properties:
      - name: id
        logicalType: string
        required: true
slaProperties:
  - property: latency
    value: 2
    unit: d
    element: orders.ordered_at
  - property: retention
    value: 3
    unit: y
    element: orders.ordered_at
  - property: availability
    value: 99.9
    unit: percent
`;
