"""One dbt command on a project that is parsed already: `parsed_dbt.py <partial_parse> build …`

dbt parses a project anew for every state folder, because our profile names it; that is 12 s of CPU
for three thousand nodes which are the same each time. `dbtRunner(manifest=…)` is dbt's own way
around it.
"""

import sys
from pathlib import Path

from dbt.cli.main import dbtRunner
from dbt.contracts.graph.manifest import Manifest
from dbt.parser.manifest import extended_mashumuro_decoder


def main(parsed: Path, arguments: list[str]) -> int:
    """Exit code of the command, as dbt gives it."""
    manifest = Manifest.from_msgpack(parsed.read_bytes(), decoder=extended_mashumuro_decoder)
    # What macros see as `graph` is no part of the file.
    manifest.build_flat_graph()
    done = dbtRunner(manifest=manifest).invoke(arguments)
    if done.exception:
        print(done.exception, file=sys.stderr)
    return 0 if done.success else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
