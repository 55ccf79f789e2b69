from pathlib import Path

import pytest

from dagster_project.lib.settings import PROJECT_ROOT, Settings, SettingsError


def test_defaults_lie_beside_the_readme():
    settings = Settings.from_env({})
    assert settings.home == PROJECT_ROOT / ".leadhouse"
    assert settings.extracts == PROJECT_ROOT / "seeds" / "extracts"
    assert settings.dbt_dir == PROJECT_ROOT / "dbt"
    assert (settings.memory_limit, settings.threads, settings.keep_versions) == ("4GB", 2, 5)


def test_an_empty_variable_is_an_unset_one():
    empty = dict.fromkeys(Settings.from_env({}).env_for_subprocess(), " ")
    assert Settings.from_env(empty) == Settings.from_env({})


def test_paths_become_absolute_once_from_where_the_command_was_given(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/users/me")
    settings = Settings.from_env({"LEADHOUSE_HOME": "x/../state", "LEADHOUSE_EXTRACTS": "~/drop"})
    assert settings.home == tmp_path / "state"
    assert settings.extracts == Path("/users/me/drop")
    monkeypatch.chdir("/")
    assert settings.warehouse == tmp_path / "state" / "warehouse.duckdb"


def test_a_link_that_an_operator_points_elsewhere_is_kept(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path)
    settings = Settings.from_env({"LEADHOUSE_HOME": str(tmp_path / "link")})
    assert settings.home == tmp_path / "link"


def test_a_subprocess_gets_the_same_settings(tmp_path, monkeypatch):
    settings = Settings.from_env(
        {
            "LEADHOUSE_HOME": str(tmp_path / "h"),
            "LEADHOUSE_EXTRACTS": str(tmp_path / "e"),
            "LEADHOUSE_MEMORY_LIMIT": "500MB",
            "LEADHOUSE_THREADS": "4",
            "LEADHOUSE_KEEP_VERSIONS": "2",
        }
    )
    monkeypatch.chdir(tmp_path)
    assert Settings.from_env(settings.env_for_subprocess()) == settings


def test_ensure_dirs_creates_all_folders_and_may_be_repeated(tmp_path):
    settings = Settings(home=tmp_path / "a" / "b", extracts=tmp_path)
    settings.ensure_dirs()
    settings.ensure_dirs()
    folders = {"landing", "published", "audit", "logs", "dagster"}
    assert {path.name for path in settings.home.iterdir()} == folders


def test_a_home_that_cannot_be_created_names_the_variable(tmp_path):
    (tmp_path / "file").write_text("")
    settings = Settings(home=tmp_path / "file", extracts=tmp_path)
    with pytest.raises(SettingsError, match="LEADHOUSE_HOME"):
        settings.ensure_dirs()


def test_a_missing_folder_of_extracts_names_the_variable(tmp_path):
    with pytest.raises(SettingsError, match=r"does not exist.*LEADHOUSE_EXTRACTS"):
        Settings(home=tmp_path, extracts=tmp_path / "none").require_extracts()
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="is not a folder"):
        Settings(home=tmp_path, extracts=tmp_path / "file").require_extracts()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LEADHOUSE_THREADS", "0"),
        ("LEADHOUSE_THREADS", "two"),
        ("LEADHOUSE_KEEP_VERSIONS", "-1"),
        ("LEADHOUSE_KEEP_VERSIONS", "1.5"),
        ("LEADHOUSE_MEMORY_LIMIT", "much"),
        ("LEADHOUSE_MEMORY_LIMIT", "4"),
    ],
)
def test_a_value_that_makes_no_sense_names_its_variable(name, value):
    with pytest.raises(SettingsError, match=f"{name}={value}"):
        Settings.from_env({name: value})


@pytest.mark.parametrize("value", ["4GB", "1.5 GiB", "500mb", "80%"])
def test_amounts_of_memory_as_duckdb_writes_them(value):
    assert Settings.from_env({"LEADHOUSE_MEMORY_LIMIT": value}).memory_limit == value
