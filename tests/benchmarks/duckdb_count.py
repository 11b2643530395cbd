"""Count the rows of a CSV file with DuckDB: no DuckDB job can be faster.

python tests/benchmarks/duckdb_count.py FILE
"""

import sys

import duckdb

COUNT = """
    select count(*)
    from read_csv(?, header=true, all_varchar=true, quote='"', escape='"', delim=',')
"""


def count_rows(file: str) -> int:
    with duckdb.connect() as connection:
        connection.execute("set enable_progress_bar = false")
        (rows,) = connection.execute(COUNT, [file]).fetchall()[0]
    return int(rows)


if __name__ == "__main__":
    print(count_rows(sys.argv[1]))
