"""`python -m tests.identity_world --out DIR`: write a world's extracts and its truth."""

import argparse
from collections import Counter
from pathlib import Path

from tests.identity_world.build import build
from tests.identity_world.parameters import WORLDS, world


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.identity_world", description=__doc__)
    parser.add_argument("--world", choices=[*WORLDS], default="leads")
    parser.add_argument("--persons", type=int, help="default: as many as the world has")
    parser.add_argument("--companies", type=int)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    changes = {
        name: value
        for name in ("persons", "companies", "seed")
        if (value := getattr(arguments, name)) is not None
    }
    book = build(world(arguments.world, **changes), arguments.out)
    counts = Counter(record.record_type for record in book.records.values())
    print(f"{len(book.records):,} records, {len(book.rows):,} rows: {dict(counts)}")


if __name__ == "__main__":
    main()
