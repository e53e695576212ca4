/** One house sale, with the columns of the King County file. Areas in square feet, price in dollars. */
export interface Sale {
  readonly id: number;
  /** `2014-10-13` */
  readonly sold_on: string;
  readonly price: number;
  readonly bedrooms: number;
  readonly bathrooms: number;
  readonly sqft_living: number;
  readonly sqft_lot: number;
  readonly floors: number;
  readonly waterfront: number;
  readonly view: number;
  readonly condition: number;
  readonly grade: number;
  readonly sqft_above: number;
  readonly sqft_basement: number;
  readonly yr_built: number;
  readonly yr_renovated: number;
  readonly zipcode: number;
  readonly lat: number;
  readonly long: number;
  readonly sqft_living15: number;
  readonly sqft_lot15: number;
}

/** Every column but the date, in the order of the file. */
export const numericColumns = [
  "id",
  "price",
  "bedrooms",
  "bathrooms",
  "sqft_living",
  "sqft_lot",
  "floors",
  "waterfront",
  "view",
  "condition",
  "grade",
  "sqft_above",
  "sqft_basement",
  "yr_built",
  "yr_renovated",
  "zipcode",
  "lat",
  "long",
  "sqft_living15",
  "sqft_lot15",
] as const satisfies readonly (keyof Sale)[];
