"""Runs dbt's own compiled models again and again without dbt's start-up, for tests of many steps.

The SQL is what dbt compiled, the Python models are the files themselves; only the runner is ours.
Both are executed in the order of the manifest, each result replacing the table of its name.
"""

import importlib.util
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import duckdb

from dagster_project.lib.contract import load_contract
from dagster_project.lib.landing import land
from dagster_project.lib.settings import Settings
from tests.pipeline.warehouse import ROOT, Warehouse


class _This:
    """The relation a model is, as dbt hands it to a Python model."""

    def __init__(self, model: dict) -> None:
        self._name = model["relation_name"]
        self.schema, self.identifier = model["schema"], model["alias"]

    def __repr__(self) -> str:
        return self._name


class _Config:
    """The settings of a model, as dbt hands them to a Python model."""

    def __init__(self, settings: dict) -> None:
        self.get = self.meta_get = settings.get

    def __call__(self, **_: object) -> None:
        """Settings made in the model are in the manifest already."""


@dataclass
class CompiledModels:
    """The compiled models `select` names, of a warehouse whose landing they read.

    Views of staging read the landing as it is when they run; rules are read from its tables.
    """

    warehouse: Warehouse
    select: str | Sequence[str]
    # Staging models that change from step to step; what stands on none of them runs once.
    changing: tuple[str, ...]
    models: list[dict] = field(default_factory=list)
    _moving: set[str] = field(default_factory=set)

    def prepare(self) -> "CompiledModels":
        """One build by dbt: seeds, tables of landing, and the compiled text of every model."""
        names = [self.select] if isinstance(self.select, str) else self.select
        kinds = ("--resource-type", "seed", "--resource-type", "model")
        self.warehouse.dbt("build", *kinds, "-s", *names)
        manifest = json.loads((self.warehouse.home / "target" / "manifest.json").read_text("utf-8"))
        ran = json.loads((self.warehouse.home / "target" / "run_results.json").read_text("utf-8"))
        order = [result["unique_id"] for result in ran["results"]]
        self.models = [
            {**manifest["nodes"][name], "compiled": self._compiled(manifest["nodes"][name])}
            for name in order
            if name.startswith("model.")
        ]
        moving = {f"model.leadhouse.{name}" for name in self.changing}
        for model in self.models:
            if moving & {model["unique_id"], *model["depends_on"]["nodes"]}:
                moving.add(model["unique_id"])
        self._moving = moving
        return self

    def land(self) -> None:
        """What `python -m dagster_project.lib.landing` does, in this process."""
        settings = Settings.from_env(self.warehouse.environment)
        land(settings, load_contract(settings.dbt_dir))

    def connect(self, file: Path) -> duckdb.DuckDBPyConnection:
        """A warehouse of its own with the rules of the first one; the file name must stay."""
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(self.warehouse.file.read_bytes())
        connection = duckdb.connect(str(file))
        connection.execute("set TimeZone = 'UTC'")
        return connection

    def run(self, connection: duckdb.DuckDBPyConnection, *, reuse: bool) -> None:
        """Executes every model; `reuse`: incremental models may copy what did not change."""
        ((n_views,),) = connection.execute(
            "select count(*) from information_schema.tables"
            " where table_schema = 'staging' and table_type = 'VIEW'"
        ).fetchall()
        for model in self.models:
            relation = model["relation_name"]
            if not n_views and model["unique_id"] not in self._moving:
                continue
            if model["language"] == "python":
                table = self._python(model, connection, reuse)
                connection.register("computed", table)
                connection.execute(f"create or replace table {relation} as from computed")
                connection.unregister("computed")
            else:
                # A view of staging is planned anew by everybody who reads it.
                if n_views and model["config"]["materialized"] == "view":
                    connection.execute(f"drop view if exists {relation}")
                if reuse and model["config"]["materialized"] == "incremental":
                    self._delete_and_insert(model, connection)
                else:
                    connection.execute(f"create or replace table {relation} as {model['compiled']}")

    @staticmethod
    def _delete_and_insert(model: dict, connection: duckdb.DuckDBPyConnection) -> None:
        """What dbt's incremental strategy of that name does, for models with one unique key."""
        relation, key = model["relation_name"], model["config"]["unique_key"]
        connection.execute(f"create or replace temp table batch as {model['compiled']}")
        connection.execute(f"delete from {relation} where {key} in (select {key} from batch)")
        connection.execute(f"insert into {relation} by name from batch")

    def _compiled(self, node: dict) -> str:
        if node["language"] == "python":
            return ""
        path = (
            self.warehouse.home / "target" / "compiled" / "leadhouse" / node["original_file_path"]
        )
        return path.read_text(encoding="utf-8")

    def _python(self, model: dict, connection: duckdb.DuckDBPyConnection, reuse: bool) -> object:
        path = ROOT / "dbt" / model["original_file_path"]
        spec = importlib.util.spec_from_file_location(model["name"], path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        config = {**model["config"], **model["config"].get("meta", {}), "reuse": reuse}
        relations = {name.split(".")[-1]: name for name in model["depends_on"]["nodes"]}
        dbt = SimpleNamespace(
            ref=lambda name: connection.table(self._relation(relations[name])),
            this=_This(model),
            config=_Config(config),
        )
        return module.model(dbt, connection)

    def _relation(self, unique_id: str) -> str:
        kind, _, name = unique_id.split(".")
        if kind == "seed":
            return f"rules.{name}"
        return next(m["relation_name"] for m in self.models if m["unique_id"] == unique_id)
