"""Rolling price index: mean price per square foot of the last sales in the zip code."""
import csv
import sys
from collections import defaultdict, deque


def read_sales(path):
    with open(path, newline="", encoding="utf-8") as handle:
        return list(csv.DictReader(handle))


def mean(values, fallback):
    return sum(values) / len(values) if values else fallback


def rolling_index(sales, window):
    recent = defaultdict(lambda: deque(maxlen=window))
    overall = deque(maxlen=10 * window)
    values = []
    for sale in sales:
        past = recent[sale["zipcode"]]
        # The sale itself is never part of its own index.
        values.append(mean(past or overall, fallback=200.0))
        price = float(sale["price"]) / float(sale["sqft_living"])
        past.append(price)
        overall.append(price)
    return values


def main():
    source, target, window, mode = sys.argv[1:5]
    sales = read_sales(source)
    if mode == "date":
        sales.sort(key=lambda sale: (sale["sold_on"], int(sale["id"])))
    values = rolling_index(sales, int(window))
    with open(target, "w", encoding="utf-8") as handle:
        handle.writelines(f"{value:.4f}\n" for value in values)


if __name__ == "__main__":
    main()
