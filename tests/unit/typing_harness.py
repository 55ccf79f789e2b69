"""The portable macros outside dbt, for tests: rendered by Jinja, run by DuckDB in memory.

Starting dbt costs seconds; these macros need only `adapter.dispatch` and `return` of it.
"""

import re
from pathlib import Path
from typing import Any

import duckdb
import jinja2

MACROS = Path(__file__).resolve().parents[2] / "dbt" / "macros" / "portable"


class Harness:
    """The portable macros, rendered for one engine, and a DuckDB connection to run them on.

    engine  prefix of the implementations: "default" (DuckDB) or "spark" (text only)
    """

    def __init__(self, engine: str = "default") -> None:
        self.connection = duckdb.connect()
        self.connection.execute("set timezone = 'UTC'")
        environment = jinja2.Environment(
            extensions=["jinja2.ext.do"], undefined=jinja2.StrictUndefined
        )
        self._macros: dict[str, Any] = {}

        def dispatch(name: str) -> Any:
            return self._macros[f"{engine}__{name}"]

        environment.globals.update(
            {
                "return": lambda value: value,
                "adapter": {"dispatch": dispatch, "quote": lambda name: f'"{name}"'},
                "dbt": {"type_string": lambda: "varchar"},
                "modules": {"re": re},
            }
        )
        sources = [path.read_text(encoding="utf-8") for path in sorted(MACROS.glob("*.sql"))]
        module = environment.from_string("\n".join(sources)).module
        self._macros.update({k: v for k, v in vars(module).items() if not k.startswith("_")})

    def sql(self, macro: str, *arguments: Any) -> str:
        """The SQL text of one macro call."""
        return str(self._macros[macro](*arguments)).strip()

    def rows(self, query: str, parameters: list[Any] | None = None) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        return self.connection.execute(query, parameters).fetchall()

    def value(self, expression: str, raw: str | None = None) -> Any:
        """The value of a SQL expression; the text `raw` is its column `raw`."""
        query = f"select {expression} from (select cast(? as varchar) as raw) as given"
        return self.rows(query, [raw])[0][0]

    def read(self, macro: str, raw: str | None, *arguments: Any) -> Any:
        """What staging makes of one raw cell: cleaned by cell_text, then read by `macro`."""
        return self.read_all(macro, [raw], *arguments)[0]

    def read_all(self, macro: str, raws: list[str | None], *arguments: Any) -> list[Any]:
        """`read` for many cells in one query, in their order."""
        query = (
            f"select {self.sql(macro, 'cell', *arguments)} "
            f"from (select position, {self.sql('cell_text', 'raw')} as cell from (select "
            "unnest(cast(? as varchar[])) as raw, unnest(range(?)) as position)) order by position"
        )
        return [row[0] for row in self.rows(query, [raws, len(raws)])]
