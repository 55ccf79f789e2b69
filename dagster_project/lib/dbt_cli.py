"""How Dagster runs dbt: the project and its manifest, the translation to assets, one build step.

Belongs here: what is about dbt and can be tested without a Dagster run. Does not belong here: which
assets exist (defs/warehouse.py) and what a build's verdict is used for (builds.py).

Everything dbt writes on our behalf is under `<home>/dbt/`: `project` (manifest of the current code)
and one fixed folder per part, so nothing piles up. `dbt/target` stays the folder of people who call
dbt by hand.
"""

import fcntl
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import (
    DagsterDbtTranslator,
    DagsterDbtTranslatorSettings,
    DbtCliEventMessage,
    DbtCliInvocation,
    DbtCliResource,
    DbtProject,
)
from dagster_dbt.errors import DagsterDbtCliRuntimeError
from packaging.version import Version

from dagster_project.lib import builds, results_page
from dagster_project.lib.builds import Gate
from dagster_project.lib.catalogue import Catalogue, read_catalogue, table_metadata
from dagster_project.lib.dbt_results import failing, page_rows
from dagster_project.lib.fingerprint import DBT_FOLDERS, code_fingerprint
from dagster_project.lib.publishing import MartTable
from dagster_project.lib.settings import Settings
from dagster_project.lib.words import counted

# Whom to ask about a thing whose dbt group or meta names no owner.
DEFAULT_OWNER = "team:data"
MARTS_FOLDER = "path:models/marts"


class DbtError(RuntimeError):
    """dbt could not parse the project; the message is dbt's own."""


class Translator(DagsterDbtTranslator):
    """dbt resources as Dagster assets; keys as Dagster makes them: schema/name, source/table."""

    def __init__(self) -> None:
        super().__init__(
            DagsterDbtTranslatorSettings(
                enable_source_tests_as_checks=True, enable_code_references=True
            )
        )

    def get_asset_spec(
        self, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None
    ) -> dg.AssetSpec:
        """The spec with group, owners, kinds and description as dbt declares them."""
        spec = super().get_asset_spec(manifest, unique_id, project)
        props = self.get_resource_props(manifest, unique_id)
        return spec.replace_attributes(
            group_name=group_of(props),
            owners=owners_of(props, manifest),
            kinds=kinds_of(props),
            description=(props.get("description") or "").strip() or None,
        )


def group_of(props: Mapping[str, Any]) -> str:
    """The dbt group when there is one; else the layer, for sources the source's name."""
    if group := (props.get("config") or {}).get("group"):
        return group
    if props["resource_type"] == "source":
        return props["source_name"]
    if props["resource_type"] == "seed":
        return props["config"].get("schema") or "seeds"
    return props["fqn"][1]


def owners_of(props: Mapping[str, Any], manifest: Mapping[str, Any]) -> list[str]:
    """Owner of the dbt group, else `meta.owner` (both: e-mail or `team:name`), else the default."""
    config = props.get("config") or {}
    for group in manifest.get("groups", {}).values():
        if group["name"] == config.get("group") and (owner := group["owner"].get("email")):
            return [owner] if isinstance(owner, str) else list(owner)
    owner = (config.get("meta") or {}).get("owner")
    return [owner or DEFAULT_OWNER]


def kinds_of(props: Mapping[str, Any]) -> set[str]:
    """What the icons of an asset show: dbt, the engine, and how it is stored."""
    if props["resource_type"] == "source":
        return {"parquet"}
    return {"dbt", "duckdb", props["config"]["materialized"]}


class DbtCli(DbtCliResource):
    """dagster-dbt's resource without its `dbt --version`.

    That call costs seconds per step and asks a package index whether there is a newer version. The
    version of the installed package is the same answer. Should dagster-dbt rename this property,
    the override has no effect and the call is back.
    """

    @cached_property
    def _cli_version(self) -> Version:
        return Version(installed_version("dbt-core"))


def use_environment(settings: Settings) -> None:
    """Make the paths absolute for all that reads them from this process's environment."""
    os.environ.update(settings.env_for_subprocess())
    os.environ.setdefault("DO_NOT_TRACK", "1")


def dbt_executable() -> str:
    """The `dbt` beside this interpreter; a bare name is not on the PATH without activation."""
    beside = Path(sys.executable).with_name("dbt")
    return str(beside) if beside.exists() else "dbt"


def target_folder(settings: Settings, name: str) -> Path:
    """Where dbt writes: name = project, foundation or marts."""
    return settings.home / "dbt" / name


def prepared_project(settings: Settings) -> DbtProject:
    """The dbt project with a manifest of the current code; parses when there is none.

    `DbtProject.prepare_if_dev` parses on every load under `dagster dev` and never otherwise; the
    fingerprint parses exactly when something changed, in a fresh clone and in tests as well.
    Raises DbtError.
    """
    target = target_folder(settings, "project")
    target.mkdir(parents=True, exist_ok=True)
    stamp = target / "code.fingerprint"
    code = code_fingerprint(settings.project_root, DBT_FOLDERS)
    with _locked(target / ".lock"):
        if not (target / "manifest.json").exists() or _read(stamp) != code:
            stamp.unlink(missing_ok=True)
            _parse(settings, target)
            stamp.write_text(code, encoding="utf-8")
    return DbtProject(project_dir=settings.dbt_dir, target_path=target)


def read_manifest(project: DbtProject) -> dict[str, Any]:
    """dbt's manifest of the current code."""
    return json.loads(project.manifest_path.read_text(encoding="utf-8"))


def mart_tables(manifest: Mapping[str, Any]) -> list[MartTable]:
    """All models in models/marts, by name, with what the published copy tells its readers."""
    marts = [
        node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["fqn"][1:2] == ["marts"]
    ]
    return [
        MartTable(
            schema=node["schema"],
            name=node["alias"],
            description=(node.get("description") or "").strip(),
            columns={
                name: (column.get("description") or "").strip()
                for name, column in node["columns"].items()
            },
            primary_key=tuple(node.get("primary_key") or ()),
        )
        for node in sorted(marts, key=lambda node: node["alias"])
    ]


def build_events(
    context: dg.AssetExecutionContext,
    dbt: DbtCliResource,
    settings: Settings,
    part: str,
    say: Callable[[str], None],
) -> Iterator[Any]:
    """Run `dbt build` for the selected assets of a part and yield its Dagster events.

    Tables carry row counts, column schema and column lineage, which are read when dbt has ended and
    let go of the file; hence no event comes before. Unit tests are about the code and belong to
    the test suite. Raises DagsterDbtCliRuntimeError, after the last event, when something failed.
    """
    target = target_folder(settings, part)
    target.mkdir(parents=True, exist_ok=True)
    parsed = target_folder(settings, "project") / "partial_parse.msgpack"
    if parsed.exists():
        shutil.copyfile(parsed, target / parsed.name)
    (target / "run_results.json").unlink(missing_ok=True)
    args = ["build", "--exclude-resource-type", "unit_test"]
    invocation = dbt.cli(args, context=context, target_path=target)
    results, failure = _results_of(invocation, say)
    catalogue = read_catalogue(settings, invocation.manifest)
    for event in results:
        yield from _asset_events(event, invocation, catalogue)
    if failure:
        raise failure


def keep_verdict(
    settings: Settings,
    project: DbtProject,
    part: str,
    build: str,
    complete: bool,
    failure: Exception | None,
) -> Gate:
    """Record what dbt's last run of a part says about `build`: its gate and its page.

    complete: whether the whole part was selected; a build of some models passes nothing. failure:
    what `build_events` raised. The gate of the marts remembers what they hold, so that a later
    change by hand is noticed.
    """
    manifest = read_manifest(project)
    rows = page_rows(_results(settings, part), manifest)
    failed = [f"{row['table']}: {row['name']} ({row['told']})" for row in failing(rows)]
    if failure and not failed:
        failed.append(
            f"{part}: dbt failed outside of any model; see its log in {settings.home}/dbt"
        )
    if not complete:
        failed.append(f"only some models of the {part} were built; run the refresh job")
    contents = {}
    if part == "marts" and not failed:
        with builds.open_warehouse(settings) as connection:
            names = [table.qualified for table in mart_tables(manifest)]
            contents = builds.table_contents(connection, names)
    gate = builds.Gate(part, build, not failed, failed, contents)
    builds.record_gate(settings, gate)
    folder = builds.audit_folder(settings, build)
    builds.write_json(folder / f"dbt_{part}.json", {"results": rows})
    results_page.write(settings, build)
    return gate


def _results_of(
    invocation: DbtCliInvocation, say: Callable[[str], None]
) -> tuple[list[DbtCliEventMessage], Exception | None]:
    """Follow dbt to its end, telling progress; its result events, and its failure if it failed."""
    results: list[DbtCliEventMessage] = []
    done: Counter[str] = Counter()
    try:
        for event in invocation.stream_raw_events():
            if not event.is_result_event:
                continue
            results.append(event)
            data = event.raw_event["data"]
            done[data["node_info"]["resource_type"]] += 1
            # A test's event calls the total `num_models`.
            total = data.get("total") or data.get("num_models")
            kinds = ", ".join(counted(number, kind) for kind, number in done.items())
            say(f"{done.total()}/{total}: {kinds}")
    except DagsterDbtCliRuntimeError as failure:
        return results, failure
    return results, None


def _asset_events(
    event: DbtCliEventMessage, invocation: DbtCliInvocation, catalogue: Catalogue
) -> Iterator[Any]:
    """One result of dbt as Dagster events; tables carry what the catalogue knows about them."""
    for made in event.to_default_asset_events(
        manifest=invocation.manifest,
        dagster_dbt_translator=invocation.dagster_dbt_translator,
        context=invocation.context,
        target_path=invocation.target_path,
        project=invocation.project,
    ):
        if isinstance(made, dg.Output):
            node = invocation.manifest["nodes"][made.metadata["unique_id"].value]
            about = table_metadata(
                node, invocation.manifest, catalogue, invocation.target_path / "compiled"
            )
            yield made.with_metadata({**made.metadata, **about})
        else:
            yield made


def _results(settings: Settings, part: str) -> dict[str, Any]:
    path = target_folder(settings, part) / "run_results.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def _parse(settings: Settings, target: Path) -> None:
    done = subprocess.run(
        [dbt_executable(), "--quiet", "--no-use-colors", "parse"],
        cwd=settings.dbt_dir,
        env={
            **os.environ,
            **settings.env_for_subprocess(),
            "DBT_TARGET_PATH": str(target),
            "DBT_LOG_PATH": str(target),
            "DBT_PROFILES_DIR": str(settings.dbt_dir),
            "DO_NOT_TRACK": "1",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise DbtError(f"dbt can't parse {settings.dbt_dir}:\n{done.stdout}{done.stderr}".rstrip())


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Wait for and hold a lock that ends with this process."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""
