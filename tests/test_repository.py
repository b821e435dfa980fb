"""Rules about the repository: revisions, definitions, operations, pins and what no file may say."""

import ast
import re
import subprocess
import tomllib
from dataclasses import astuple

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import analytics.clickhouse.impl  # noqa: F401  (registers the dialect's implementation)
from analytics.clickhouse import definition
from analytics.directive import Resources
from analytics.history import revision as revision_file
from analytics.kafka import connector
from analytics.operations.connector import RegisterConnector
from analytics.operations.object import CreateObject
from analytics.operations.role import CreateRole
from analytics.placeholders import placeholders
from analytics.runtime import dry_run
from analytics.settings import Settings
from analytics.stores import STORES
from tests import pages
from tests.conftest import ROOT
from tests.ours import DEMO

HISTORIES = {"alembic": ("migrations", "postgres"), "clickhouse": ("migrations_ch", "clickhouse")}
NAMES = placeholders(DEMO, lenient=True)
DEFINED = (CreateObject, CreateRole, RegisterConnector)
OPERATIONS = [p.stem for p in (ROOT / "analytics/operations").glob("[!_]*.py")]
REVISIONS = sorted(ROOT.glob("migrations*/versions/*.py"))
SHOWN = {f"{p.parts[-3]}/{p.name}": p.read_text() for p in REVISIONS} | pages.revisions()
OBJECTS = sorted((ROOT / "migrations_ch/objects").iterdir())
CONNECTORS = sorted((ROOT / "migrations/connectors").glob("*.json"))
CANARIES = sorted((ROOT / "migrations/connectors").glob("*.sql"))
ROLES = sorted((ROOT / "migrations/roles").iterdir())

KINDS = ("postgres", "postgresql", "clickhouse")
IS_STORE = ("is_clickhouse", "is_postgres")
OWN_ROOMS = ("stores", "clickhouse", "postgres", "local", "experiments")
CORE = [
    path
    for path in sorted((ROOT / "analytics").rglob("*.py"))
    if path.relative_to(ROOT).parts[1] not in OWN_ROOMS
]

ONE_SENTENCE = re.compile(r"[A-Z][^.\n]*\.(\n\n.+)?", re.S)
DEFINITION = re.compile(r"(?P<name>[a-z][a-z0-9_]*)_v(?P<version>\d{2})\.(sql|json)")
PATHS = r"(/home|/Users|/tmp|/work)/[A-Za-z0-9_]|/root/[.A-Za-z0-9_]"
REGISTRIES = (
    r"https?://[^ ]*(/simple\b|pythonhosted|repo1?\.maven|registry\.npmjs|proxy\.golang"
    r"|artifactory|nexus)|(index-url|trusted-host)[ =]+[a-z0-9]"
)

every_revision = pytest.mark.parametrize("text", SHOWN.values(), ids=SHOWN)  # documented ones, too
every_definition = pytest.mark.parametrize(
    "path", OBJECTS + CONNECTORS + ROLES, ids=lambda p: p.name
)


def script(section):
    """A history as Alembic reads it."""
    return ScriptDirectory.from_config(Config(str(ROOT / "alembic.ini"), ini_section=section))


@pytest.fixture(scope="module")
def used():
    """The files of all definitions that revisions name."""
    found = set()
    for section, (folder, history) in HISTORIES.items():
        resources = Resources(STORES[history], Settings(), NAMES, ROOT / folder)
        for directive in dry_run.directives(script(section), resources):
            named = dict([astuple(directive)]) if isinstance(directive, DEFINED) else {}
            for name, version in (named | directive.versions_after()).items():
                found.add(f"{folder}: {name}_v{version:02d}")
    return found


def committed(pattern):
    """Lines of the repository's files that match, with file and number."""
    command = ["git", "grep", "-nIE", pattern, "--", ".", ":!tests/test_repository.py"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr  # 1: nothing matches
    return done.stdout.splitlines()


@pytest.mark.parametrize("noun", OPERATIONS)
def test_every_operation_has_tests_and_a_page(noun):
    assert (ROOT / f"tests/operations/test_{noun}.py").is_file()
    assert (ROOT / f"docs/operations/{noun}.md").is_file()


@pytest.mark.parametrize("section", HISTORIES)
def test_a_history_has_one_head(section):
    assert len(script(section).get_heads()) == 1


@every_revision
def test_a_revision_is_its_two_directions_and_nothing_else(text):
    tree = ast.parse(text)

    allowed = (ast.Expr, ast.Import, ast.ImportFrom, ast.Assign, ast.FunctionDef)
    assert all(isinstance(node, allowed) for node in tree.body)
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    assert [f.name for f in functions] == ["upgrade", "downgrade"]
    statements = [node for function in functions for node in function.body]
    assert all(isinstance(node, ast.Expr) for node in statements), "calls only"
    branching = (ast.Lambda, ast.IfExp, ast.comprehension, ast.BoolOp)
    assert not [node for node in ast.walk(tree) if isinstance(node, branching)]


@every_revision
def test_a_revision_imports_nothing_of_the_package(text):
    imports = re.findall(r"^\s*(?:from|import) (\w+)", text, re.M)

    assert set(imports) <= {"alembic", "sqlalchemy"}


@every_revision
def test_a_revision_says_what_for(text):
    intent = ast.get_docstring(ast.parse(text)) or ""

    assert ONE_SENTENCE.fullmatch(intent), "one sentence, then a full stop"


@every_revision
def test_a_revision_is_read_and_its_calls_are_ours(text):
    revision = revision_file.read("revision.py", text.encode())
    functions = {}
    exec(text, functions)

    assert re.fullmatch(r"\d{4}", revision.id)
    resources = Resources(STORES["postgres"], DEMO, NAMES, ROOT)
    for direction in ("upgrade", "downgrade"):
        assert dry_run.revision(functions[direction], resources).is_whole


@pytest.mark.parametrize("path", REVISIONS, ids=lambda p: f"{p.parts[-3]}/{p.name}")
def test_a_revision_has_the_number_of_its_file(path):
    number = re.fullmatch(r"(\d{4})_[a-z0-9_]+\.py", path.name)

    assert number, "name it with --rev-id NNNN"
    assert revision_file.read(str(path), path.read_bytes()).id == number[1]


@every_definition
def test_a_definition_has_a_number_and_a_revision_uses_it(path, used):
    assert DEFINITION.fullmatch(path.name)
    assert f"{path.parts[-3]}: {path.stem}" in used


def test_a_canary_is_that_of_a_connector():
    stems = {path.name.partition("_canary_v")[0] for path in CANARIES}

    assert stems <= {DEFINITION.fullmatch(path.name)["name"] for path in CONNECTORS}


@pytest.mark.parametrize("path", OBJECTS, ids=lambda p: p.name)
def test_an_object_is_one_create_named_like_its_file(path):
    name = DEFINITION.fullmatch(path.name)["name"]
    named = NAMES.fill(f"${{{name}}}") if name in NAMES.known else name

    assert definition.parse(name, NAMES.fill(path.read_text())).name == named


@pytest.mark.parametrize("path", CONNECTORS, ids=lambda p: p.name)
def test_a_connector_is_a_flat_map_of_strings(path):
    config = connector.parse(path.stem, NAMES.fill(path.read_text()))

    assert {"name", "slot.name", "publication.name"} <= config.keys()


def asks_which_store(node):
    """Whether a piece of code chooses by the name of a store, its history or its dialect."""
    if isinstance(node, ast.Compare):
        compared = [node.left, *node.comparators]
        return any(isinstance(each, ast.Constant) and each.value in KINDS for each in compared)
    if isinstance(node, ast.Dict):
        return any(isinstance(key, ast.Constant) and key.value in KINDS for key in node.keys)
    if isinstance(node, ast.MatchValue):
        return isinstance(node.value, ast.Constant) and node.value.value in KINDS
    return isinstance(node, ast.Attribute) and node.attr.startswith(IS_STORE)


@pytest.mark.parametrize("path", CORE, ids=lambda p: str(p.relative_to(ROOT)))
def test_only_a_store_knows_which_store_it_is(path):
    tree = ast.parse(path.read_text())

    assert [node.lineno for node in ast.walk(tree) if asks_which_store(node)] == []


@pytest.mark.parametrize(
    "code",
    [
        "dialect.name == 'clickhouse'",
        "'postgres' != name",
        "name in ('a', 'b') or name == 'postgresql'",
        "{'postgres': 1}[name]",
        "match name:\n    case 'clickhouse': pass",
        "move.is_clickhouse",
    ],
)
def test_a_choice_by_the_name_of_a_store_would_be_found(code):
    assert any(map(asks_which_store, ast.walk(ast.parse(code))))


def test_no_file_names_a_path_of_one_machine():
    assert committed(PATHS) == []


def test_no_file_names_a_package_registry():
    assert committed(REGISTRIES) == []


def test_the_lock_pins_every_dependency_and_no_place_to_get_it_from():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = [text for group in project["optional-dependencies"].values() for text in group]
    named = {canonicalize_name(Requirement(text).name) for text in project["dependencies"] + extras}
    lock = (ROOT / "requirements.lock").read_text()
    lines = [line for line in lock.splitlines() if line and not line.startswith("#")]

    assert all(re.fullmatch(r"[a-z0-9-]+==[\w.]+", line) for line in lines)
    assert named - {project["name"]} <= {line.partition("==")[0] for line in lines}
