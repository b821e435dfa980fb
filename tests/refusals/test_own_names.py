"""Names of a project's own that cannot be used: the section is named, and what to write there."""

import pytest

from tests.refusals.walk import edit, walks

SCRIPT = "alembic upgrade head --sql"
SLOT = "slot = ${namespace}_slot"
SECRET = "debezium_role_password = env:ANALYTICS_DEBEZIUM_ROLE_PASSWORD"
ROLE = "debezium = ${namespace}_debezium, debezium_role_password"
SETTINGS = "[settings]\n"
DROP = 'op.drop_role("debezium")'

NO_INI = "settings/reading.py: {} cannot be read ({})"
FAULTS = {
    "settings/checks.py: placeholders in {} use each other in a circle: {}": (
        ("connector = ${namespace}\n", "connector = ${slot}\n", "connector = ${namespace}\n"),
        (SLOT, "slot = ${connector}_slot", "slot = ${connector}_slot"),
        ("in a circle", "connector -> slot"),
    ),
    "settings/checks.py: {} in {} uses ${{}}, which is no placeholder": (
        (SLOT, "slot = ${name}_slot", SLOT),
        ("slot in", "${name}", "add it to [placeholders]", "namespace"),
    ),
    "settings/checks.py: {} in {} is no name": (
        (SLOT, f"Slot-2 = x\n{SLOT}", f"slot_2 = x\n{SLOT}"),
        ("Slot-2", "lower case"),
    ),
    "settings/checks.py: {} of {} {}, too": (
        (SLOT, f"{SLOT}\nnamespace = shop", f"{SLOT}\nspace = shop"),
        ("namespace", "[placeholders]", "another name"),
    ),
    "settings/checks.py: {} in {} has the password {}, which is no secret": (
        (ROLE, f"{ROLE}_2", ROLE),
        ("debezium", "debezium_role_password_2", "[secrets]"),
    ),
    "settings/checks.py: {} in {} is no setting": (
        (SETTINGS, f"{SETTINGS}connector_timout = 90\n", f"{SETTINGS}connector_timeout = 90\n"),
        ("connector_timout", "[settings]", "connector_timeout"),
    ),
    "settings/checks.py: {} in {} holds a secret": (
        (
            SETTINGS,
            f"{SETTINGS}postgres_url = postgresql://me:planted@h/d\n",
            f"{SETTINGS}postgres_url = postgresql://me@h/d\n",
        ),
        ("postgres_url", "[settings]", "ANALYTICS_POSTGRES_URL"),
    ),
    "settings/reading.py: {} in {} is {}": (
        (ROLE, "debezium = ${namespace}_debezium", ROLE),
        ("debezium", "[roles]", "debezium = NAME_IN_POSTGRESQL, NAME_OF_ITS_SECRET"),
    ),
    "settings/reading.py: {} in {} is neither env:VARIABLE nor file:PATH": (
        (SECRET, "debezium_role_password = planted", SECRET),
        ("debezium_role_password", "[secrets]", "variable or a file"),
    ),
    "settings/reading.py: {} in [{}] of {} has a % that fills nothing in": (
        (SLOT, "slot = 5%planted", "slot = 5%%planted"),
        ("slot", "[placeholders]", "%%"),
    ),
    NO_INI: (
        (SECRET, f"{SECRET}\nplanted", SECRET),
        ("line ", "alembic.ini"),
    ),
}
MORE = {
    "[secrets] shares a name with [placeholders]": (SLOT, f"{SLOT}\ndebezium_role_password = x"),
    "[roles] shares a name with [placeholders]": (SLOT, f"{SLOT}\ndebezium_role = x"),
    "a secret is a setting": (SECRET, f"{SECRET}\nconnect_password = env:X"),
}


@pytest.fixture
def ini(site):
    """The project's alembic.ini, with an empty [settings]."""
    file = site.folder / "alembic.ini"
    file.write_text(f"{file.read_text()}\n{SETTINGS}")
    return file


@walks(*FAULTS)
@pytest.mark.parametrize("key", FAULTS)
def test_a_section_that_cannot_be_used(key, site, ini):
    *changes, named = FAULTS[key]
    for old, wrong, _ in changes:
        edit(ini, old, wrong)
    for command in ("analytics status", "analytics local status"):
        said = site.refused(command, *named)
        assert "planted" not in said.text and said.text.strip().count("\n") == 0
    if key != NO_INI:  # which Alembic itself says
        assert "planted" not in site.refused(SCRIPT, *named).text

    for _, wrong, right in changes:
        edit(ini, wrong, right)

    site.passes(SCRIPT)


@walks()
@pytest.mark.parametrize("case", MORE)
def test_a_name_has_one_meaning(case, site, ini):
    edit(ini, *MORE[case])

    said = site.run(SCRIPT)

    assert said.code != 0 and ", too: give it another name" in said.text


@walks("settings/ini.py: {} is no role")
def test_a_role_without_a_line(site):
    site.revise("postgres", "0001", 'op.create_role("reader", version=1)')
    site.write("migrations/roles/reader_v01.sql", "CREATE ROLE ${reader_role} LOGIN;\n")
    site.refused("alembic upgrade head --sql", "reader", "[roles] of", "NAME_OF_ITS_SECRET")

    edit(site.folder / "alembic.ini", ROLE, f"{ROLE}\nreader = eyes, debezium_role_password")

    assert "CREATE ROLE eyes LOGIN" in site.passes("alembic upgrade head --sql").text


@walks("settings/reading.py: there is no {}")
def test_a_file_that_is_not_there(site, monkeypatch):
    site.refused("analytics -c other.ini local status", str(site.folder / "other.ini"))
    monkeypatch.setenv("ALEMBIC_CONFIG", "other.ini")
    site.refused("analytics plan", str(site.folder / "other.ini"), "ALEMBIC_CONFIG")

    site.passes("analytics -c alembic.ini history")


def creates_a_role(site):
    """A revision whose role has the secret as its password."""
    site.write("migrations/roles/debezium_v01.sql", "CREATE ROLE ${debezium_role} LOGIN;\n")
    site.revise("postgres", "0001", 'op.create_role("debezium", version=1)', DROP)


@pytest.mark.services
@walks("settings/lookup.py: {}, which {} names, cannot be used ({})")
@pytest.mark.parametrize("content", [None, b"", b"\xff"])
def test_a_file_of_a_secret_that_holds_none(content, stores):
    edit(stores.folder / "alembic.ini", SECRET, "debezium_role_password = file:secret/debezium")
    creates_a_role(stores)
    file = stores.write("secret/debezium", "")
    file.unlink() if content is None else file.write_bytes(content)
    for command in ("alembic upgrade head", "analytics upgrade"):
        stores.refused(command, str(file), "[secrets] of")

    file.write_text("hush\n")

    stores.passes("analytics upgrade")


@pytest.mark.services
@walks("settings/lookup.py: {} is not set")
def test_a_secret_whose_variable_is_not_set(stores, monkeypatch):
    creates_a_role(stores)
    for command in ("alembic upgrade head", "analytics upgrade"):
        stores.refused(command, "ANALYTICS_DEBEZIUM_ROLE_PASSWORD is not set")

    monkeypatch.setenv("ANALYTICS_DEBEZIUM_ROLE_PASSWORD", "hush")

    stores.passes("analytics upgrade")
