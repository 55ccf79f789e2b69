"""The contract of raw extracts, read from the dbt source YAML.

A raw table is declared once, in dbt/models/staging/<source>/_<source>__sources.yml. The lander, the
Dagster definitions and the tests read it from there through this module. dbt is not imported: its
import costs seconds. Does not belong here: how a file is read (landing) or a cell is typed (dbt).
"""

import codecs
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

DATA_TYPES = frozenset({"string", "bigint", "decimal(18,4)", "boolean", "timestamp", "date"})
KINDS = frozenset({"state", "history", "event", "daily"})
# What the landing writes about itself is a dbt source too, but nobody delivers it.
NOT_DELIVERED = "landing"

_COLUMN_FLAGS = frozenset({"required", "key", "pii"})
# `dagster` is for dagster-dbt (asset keys of sources), not for us.
_TABLE_META = frozenset({"kind", "key", "encodings", "dagster"})
# libyaml where it is built in: 45 tables take 0.05 s instead of 0.6 s.
_YAML_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class ContractError(ValueError):
    """The source YAML is malformed; the message names file, table and what to write instead."""


@dataclass(frozen=True)
class Column:
    """One declared raw column.

    data_type   one of DATA_TYPES; staging casts to it, landing keeps text
    required    a file without the column is refused; a row with an empty cell is refused in staging
    key         part of the table's key
    pii         never in logs, messages or metadata
    """

    name: str
    data_type: str
    required: bool = False
    key: bool = False
    pii: bool = False
    description: str = ""


@dataclass(frozen=True)
class Table:
    """One declared raw table; `columns` in declared order.

    kind        state (latest extract of a key wins) | history | event | daily (restated)
    key         columns that, with the source system, make a row one thing
    encodings   encodings to try after UTF-8, in order; never guessed beyond these
    file        the YAML that declares it
    """

    name: str
    source: str
    kind: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    encodings: tuple[str, ...] = ()
    description: str = ""
    file: Path | None = None

    @property
    def column_names(self) -> tuple[str, ...]:
        """Declared names in declared order."""
        return tuple(column.name for column in self.columns)

    @property
    def required(self) -> tuple[str, ...]:
        """Names of the columns a file must have."""
        return tuple(column.name for column in self.columns if column.required)

    @property
    def fingerprint(self) -> str:
        """Changes when something changes that decides how a file lands (types do not)."""
        deciding = [self.source, self.encodings, [(c.name, c.required) for c in self.columns]]
        return hashlib.sha256(json.dumps(deciding).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Contract:
    """All declared raw tables by name, in the order of files and declarations."""

    tables: dict[str, Table]

    def __getitem__(self, name: str) -> Table:
        return self.tables[name]


def load_contract(dbt_dir: Path) -> Contract:
    """Read models/staging/*/_*__sources.yml below `dbt_dir`. Raises ContractError."""
    files = sorted((dbt_dir / "models" / "staging").glob("*/_*__sources.yml"))
    if not files:
        raise ContractError(
            f"No source YAML in {dbt_dir / 'models' / 'staging'}: expected "
            "<source>/_<source>__sources.yml."
        )
    return read_contract(files)


def read_contract(files: list[Path]) -> Contract:
    """Read the given source YAML files. Raises ContractError."""
    tables: dict[str, Table] = {}
    for file in files:
        for table in _read_file(file):
            if table.name in tables:
                raise ContractError(
                    f"{file}: table {table.name} is already declared in "
                    f"{tables[table.name].file}; a raw table is declared once."
                )
            tables[table.name] = table
    return Contract(tables)


def _read_file(file: Path) -> list[Table]:
    try:
        document = yaml.load(file.read_text(encoding="utf-8"), Loader=_YAML_LOADER)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ContractError(f"{file}: not readable as YAML: {error}") from error
    tables = []
    for source in _list(document, "sources", str(file)):
        source_name = _name(source, f"{file}: a source")
        if source_name != NOT_DELIVERED:
            where = f"{file}: source {source_name}"
            tables += [_table(file, source_name, t) for t in _list(source, "tables", where)]
    return tables


def _table(file: Path, source: str, entry: Any) -> Table:
    name = _name(entry, f"{file}: a table of source {source}")
    where = f"{file}: table {name}"
    meta = _meta(entry, where, _TABLE_META)
    kind = meta.get("kind")
    if kind not in KINDS:
        raise ContractError(f"{where}: kind {kind!r} is not one of {', '.join(sorted(KINDS))}.")
    columns = tuple(_column(column, where) for column in _list(entry, "columns", where))
    names = [column.name for column in columns]
    _refuse_repeated(names, f"{where}: columns")
    key = _names(meta.get("key"), f"{where}: config.meta.key")
    if not key:
        raise ContractError(f"{where}: config.meta.key is missing; name the key columns in a list.")
    _refuse_repeated(key, f"{where}: key columns")
    for part in key:
        if part not in names:
            raise ContractError(f"{where}: key column {part} is not among the columns.")
    flagged = {column.name for column in columns if column.key}
    if flagged != set(key):
        raise ContractError(
            f"{where}: `key: true` stands on {sorted(flagged)}, but config.meta.key says "
            f"{sorted(key)}; make them agree."
        )
    encodings = _names(meta.get("encodings"), f"{where}: config.meta.encodings")
    for encoding in encodings:
        try:
            codecs.lookup(encoding)
        except LookupError as error:
            raise ContractError(
                f"{where}: Python knows no encoding {encoding!r}; write e.g. gb18030, big5, cp1252."
            ) from error
    return Table(
        name=name,
        source=source,
        kind=kind,
        key=tuple(key),
        columns=columns,
        encodings=tuple(encodings),
        description=str(entry.get("description") or "").strip(),
        file=file,
    )


def _column(entry: Any, table_where: str) -> Column:
    name = _name(entry, f"{table_where}: a column")
    where = f"{table_where}, column {name}"
    if name != name.strip().lower() or name.startswith("_"):
        raise ContractError(
            f"{where}: names are lower case and do not begin with `_` (landing adds those columns)."
        )
    data_type = str(entry.get("data_type", "")).replace(" ", "")
    if data_type not in DATA_TYPES:
        raise ContractError(
            f"{where}: data_type {data_type!r} is not one of {', '.join(sorted(DATA_TYPES))}."
        )
    flags = _meta(entry, where, _COLUMN_FLAGS)
    for flag, value in flags.items():
        if not isinstance(value, bool):
            raise ContractError(f"{where}: {flag} is {value!r}; write true or leave it out.")
    return Column(
        name=name,
        data_type=data_type,
        description=str(entry.get("description") or "").strip(),
        **flags,
    )


def _meta(entry: dict[str, Any], where: str, known: frozenset[str]) -> dict[str, Any]:
    if "meta" in entry:
        raise ContractError(f"{where}: write `config: {{meta: …}}`; dbt ignores `meta:` alone.")
    config = entry.get("config") or {}
    meta = (config.get("meta") if isinstance(config, dict) else config) or {}
    if not isinstance(meta, dict):
        raise ContractError(f"{where}: config.meta is not a mapping.")
    unknown = sorted(str(key) for key in meta if key not in known)
    if unknown:
        raise ContractError(
            f"{where}: unknown config.meta {', '.join(unknown)}; known are "
            f"{', '.join(sorted(known))}."
        )
    return meta


def _list(entry: Any, key: str, where: str) -> list[Any]:
    value = entry.get(key) if isinstance(entry, dict) else None
    if not isinstance(value, list) or not value:
        raise ContractError(f"{where}: `{key}:` is missing or is not a list.")
    return value


def _name(entry: Any, where: str) -> str:
    name = entry.get("name") if isinstance(entry, dict) else None
    if not isinstance(name, str) or not name:
        raise ContractError(f"{where} has no `name:`.")
    return name


def _names(value: Any, where: str) -> list[str]:
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
        raise ContractError(f"{where} is not a list of names.")
    return value


def _refuse_repeated(names: list[str], what: str) -> None:
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise ContractError(f"{what} {', '.join(repeated)} stand there more than once.")
