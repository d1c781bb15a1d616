"""Text to typed columns against pandas.read_csv, in one run on one machine: a table of 1,000,000 x 12 on one core and on two, a preview, and
the memory of a table of 10,000,000 x 10 (--memory-rows). Prints "name: ours X, theirs Y, ratio Z"."""
import argparse
import os
import pathlib
import subprocess
import sys
import tempfile

import numpy

ROUNDS = 3
PANDAS = """
import sys, time, pandas
begin, cpu = time.perf_counter(), time.process_time()
table = pandas.read_csv(sys.argv[1])
print(time.perf_counter() - begin, time.process_time() - cpu)
"""
CHUNK = 200000


def quotes(rng, first, n):
    """Quotes of an invented manufacturer, as columns of text."""
    def pick(prefix, count):
        return numpy.char.add(prefix, rng.integers(0, count, n).astype(str))

    def decimals(low, high, digits):
        return numpy.array(["%.*f" % (digits, x) for x in rng.uniform(low, high, n)])

    days = numpy.datetime64("2019-01-01") + rng.integers(0, 2500, n)
    return [
        numpy.char.add("Q-", (first + numpy.arange(n)).astype(str)),
        days.astype(str),
        pick("Customer ", 5000),
        pick("Sector ", 25),
        pick("Product ", 400),
        numpy.array(["North", "South", "East", "West"])[rng.integers(0, 4, n)],
        decimals(100, 100000, 2),
        rng.integers(1, 500, n).astype(str),
        decimals(0, 30, 1),
        decimals(5, 60, 3),
        rng.integers(1, 120, n).astype(str),
        numpy.array(["Won", "Lost", "Open"])[rng.integers(0, 3, n)],
    ]


def write_table(path, n_rows, n_columns):
    rng = numpy.random.default_rng(7)
    names = ["Quote", "Opened", "Customer", "Sector", "Product", "Region", "Price", "Quantity", "Discount", "Margin", "Days", "Outcome"]
    with open(path, "w") as out:
        out.write(",".join(names[-n_columns:]) + "\n")
        for first in range(0, n_rows, CHUNK):
            columns = quotes(rng, first, min(CHUNK, n_rows - first))[-n_columns:]
            out.write("\n".join(map(",".join, zip(*columns))) + "\n")


def ours(reader, path, cores, *options):
    done = subprocess.run(["taskset", "-c", cores, reader, *options, str(path)], capture_output=True, text=True, check=True)
    return {line.split()[0]: line.split() for line in done.stdout.splitlines() if line.split()}


def theirs(path, cores):
    done = subprocess.run(["taskset", "-c", cores, sys.executable, "-c", PANDAS, str(path)], capture_output=True, text=True, check=True)
    return [float(text) for text in done.stdout.split()]


def compare(reader, path, cores):
    name = "import, %d core%s" % (len(cores.split(",")), "s" if "," in cores else "")
    rounds = []
    for _ in range(ROUNDS):
        seconds = ours(reader, path, cores)["seconds"]
        rounds.append([float(seconds[1]), float(seconds[3])] + theirs(path, cores))
    wall, cpu, their_wall, their_cpu = (min(column) for column in zip(*rounds))
    print("%s: ours %.3f s, theirs %.3f s, ratio %.1f" % (name, wall, their_wall, their_wall / wall))
    # On a machine that others use as well, the time of the processor says more than the clock.
    print("%s, processor time: ours %.3f s, theirs %.3f s, ratio %.1f" % (name, cpu, their_cpu, their_cpu / cpu), flush=True)


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--build", required=True)
    arguments.add_argument("--rows", type=int, default=1000000)
    arguments.add_argument("--memory-rows", type=int, default=2000000)
    arguments = arguments.parse_args()
    reader = str(pathlib.Path(arguments.build) / "tests" / "table" / "vai-read-table")
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "quotes.csv"
        write_table(path, arguments.rows, 12)
        print("# %d rows, 12 columns, %.0f MB" % (arguments.rows, os.path.getsize(path) / 1e6), flush=True)
        compare(reader, path, "0")
        compare(reader, path, "0,1")
        preview = float(ours(reader, path, "0", "--preview", "100")["seconds"][1])
        print("preview of 100 rows: ours %.3f s, bound 1 s, ratio %.1f" % (preview, 1 / preview), flush=True)
        path.unlink()
        write_table(path, arguments.memory_rows, 10)
        for cores in ("0", "0,1"):
            memory = ours(reader, path, cores)["memory"]
            peak, typed = float(memory[2]), float(memory[4])
            print("memory while importing %d x 10, %d core(s): ours %.0f MB, typed columns %.0f MB, ratio %.2f (at most 1.5)"
                  % (arguments.memory_rows, len(cores.split(",")), peak / 1e3, typed / 1e3, peak / typed), flush=True)


main()
