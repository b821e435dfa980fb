"""The size budget of the package, and two rules about its modules: docstrings and private names."""

import ast
import re
from statistics import median

import pytest

from tests.conftest import ROOT

FILE = 150  # lines: a file that is read in one go
LONGEST = 25  # lines of a function's body: a screen beside its callers
USUAL, SHARE = 12, 0.9  # nine of ten bodies are seen at a glance
TYPICAL = 5  # lines of the median body: most functions do one thing

QUESTION = re.compile(r"(What|Who|How|Where|When|Why|Whether)\b")
FILES = {str(path.relative_to(ROOT)): path for path in sorted(ROOT.glob("analytics/**/*.py"))}
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)

TREES = {name: ast.parse(path.read_text()) for name, path in FILES.items()}


def body(function):
    """The lines of a function's body, without its docstring."""
    has_docstring = ast.get_docstring(function, clean=False) is not None
    statements = function.body[has_docstring:]
    return statements[-1].end_lineno - statements[0].lineno + 1 if statements else 0


def bodies(tree):
    """The lines of each function's body, by name and first line."""
    functions = [node for node in ast.walk(tree) if isinstance(node, FUNCTIONS)]
    return {f"{node.name}, line {node.lineno}": body(node) for node in functions}


def private_imports(tree, package):
    """The private names of other packages that a module of this package imports or reads."""
    modules = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules |= {(each.asname or each.name): each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom):
            for each in node.names:
                modules[each.asname or each.name] = f"{node.module}.{each.name}"
    imported = list(modules.values())
    read = [
        f"{modules[node.value.id]}.{node.attr}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id in modules
    ]
    return [name for name in imported + read if is_private(name) and not is_within(name, package)]


def is_private(name):
    """Whether a dotted name of ours has a private part."""
    first, *parts = name.split(".")
    is_ours = first == "analytics"
    return is_ours and any(p.startswith("_") and not p.startswith("__") for p in parts)


def is_within(name, package):
    return name.startswith(f"{package}.")


def test_a_file_is_read_in_one_go():
    lines = {name: len(path.read_text().splitlines()) for name, path in FILES.items()}

    assert {name: count for name, count in lines.items() if count > FILE} == {}


def test_a_function_fits_a_screen():
    lines = {(name, at): n for name, tree in TREES.items() for at, n in bodies(tree).items()}

    assert {place: count for place, count in lines.items() if count > LONGEST} == {}


def test_most_functions_are_seen_at_a_glance():
    lines = [count for tree in TREES.values() for count in bodies(tree).values()]

    assert sum(count <= USUAL for count in lines) >= SHARE * len(lines)
    assert median(lines) <= TYPICAL


def test_a_module_names_the_thing_that_it_is():
    docstrings = {name: ast.get_docstring(tree) or "" for name, tree in TREES.items()}

    assert [name for name, text in docstrings.items() if not text or QUESTION.match(text)] == []


def test_no_private_name_of_another_package_is_imported():
    packages = {name: ".".join(name.split("/")[:-1]) for name in TREES}
    imported = {name: private_imports(tree, packages[name]) for name, tree in TREES.items()}

    assert {name: names for name, names in imported.items() if names} == {}


@pytest.mark.parametrize(
    "code",
    [
        "from analytics.rebuild.swap import _forward",
        "from analytics.operations import _rebuild",
        "import analytics.operations._rebuild",
        "from analytics.rebuild import swap\nswap._forward()",
        "from analytics import rebuild as other\nother._forward()",
    ],
)
def test_a_private_name_would_be_found(code):
    assert private_imports(ast.parse(code), "analytics.release")


def test_a_docstring_is_not_a_part_of_the_body():
    code = 'def f():\n    """Two\n    lines."""\n    g(\n        1,\n    )\n'

    assert bodies(ast.parse(code)) == {"f, line 1": 3}
    assert bodies(ast.parse('def f():\n    """Say."""\n')) == {"f, line 1": 0}
