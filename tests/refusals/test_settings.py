"""Settings that cannot be used: the variable is named, and the form that it must have."""

import pytest

from tests.refusals.walk import walks

SCRIPT = "alembic upgrade head --sql"


@walks("settings/value.py: {} is {}")
@pytest.mark.parametrize("key", ["settings/value.py: {} is {}"])
@pytest.mark.parametrize(
    ("variable", "value"), [("LOCK_TIMEOUT", "60"), ("REBUILD_CHUNK", "1"), ("GUARDED", "false")]
)
def test_a_value_of_another_type(key, variable, value, site, monkeypatch):
    monkeypatch.setenv(f"ANALYTICS_{variable}", "soon")
    said = site.refused(SCRIPT, f"ANALYTICS_{variable} is soon")
    wanted = {"60": "such as 60", "1": "a whole number", "false": "true or false"}
    assert wanted[value] in said.text

    monkeypatch.setenv(f"ANALYTICS_{variable}", value)

    site.passes(SCRIPT)


@walks("settings/lookup.py: ANALYTICS_SECRETS_DIR={} is not a folder")
def test_a_folder_of_secrets_that_is_none(site, monkeypatch):
    monkeypatch.setenv("ANALYTICS_SECRETS_DIR", str(site.folder / "nowhere"))
    site.refused(SCRIPT, str(site.folder / "nowhere"))

    monkeypatch.setenv("ANALYTICS_SECRETS_DIR", str(site.folder))

    site.passes(SCRIPT)


@walks("settings/lookup.py: the file of {} cannot be read ({})")
def test_a_file_of_a_secret_that_is_no_text(site, monkeypatch):
    monkeypatch.setenv("ANALYTICS_SECRETS_DIR", str(site.folder / "secrets"))
    file = site.write("secrets/analytics_namespace", "")
    file.write_bytes(b"\xff")
    site.refused(SCRIPT, "ANALYTICS_NAMESPACE", str(file.parent))

    file.unlink()

    site.passes(SCRIPT)


@walks("environment.py: -x {}: no such setting; use url or a name of Settings")
def test_a_setting_on_the_command_line_that_does_not_exist(site):
    site.refused(f"alembic -x guard=false {SCRIPT[8:]}", "-x guard")

    site.passes(f"alembic -x guarded=false {SCRIPT[8:]}")


@walks("cli/local.py: no service runs")
def test_the_addresses_of_a_stack_that_is_down(site):
    said = site.refused("analytics local env", "no service runs")

    assert said.commands == ["analytics local up"]
