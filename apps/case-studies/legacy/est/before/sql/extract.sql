-- Sales of one snapshot, cleaned, with the features that SQL can compute.
with cleaned as (
  select
    *,
    row_number() over (partition by id, sold_on order by price desc) as duplicate
  from sales
  where snapshot = $1
    and price > 0
    and sqft_living > 0
    and bedrooms < 30
)
select
  id,
  to_char(sold_on, 'YYYY-MM-DD') as sold_on,
  price,
  bedrooms,
  bathrooms,
  sqft_living,
  sqft_lot,
  floors,
  waterfront,
  view,
  condition,
  grade,
  sqft_above,
  sqft_basement,
  extract(year from sold_on)::int - yr_built as age,
  case when yr_renovated > 0 then extract(year from sold_on)::int - yr_renovated else -1 end as renovated_ago,
  zipcode,
  lat,
  long,
  sqft_living15,
  sqft_lot15
from cleaned
where duplicate = 1
order by sold_on, id
