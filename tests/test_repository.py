"""What must hold of the repository as a whole: layers, sizes, pins, versions, what a headless run loads."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent
PACKAGES = ("algorithms", "nodes", "playground", "tui")
MOST_LINES_OF_A_FILE = 400
MOST_LINES_OF_A_FUNCTION = 40
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def sources() -> list[Path]:
    """Every Python file of the product and its tests."""
    return sorted(path for top in (*PACKAGES, "tests") for path in (ROOT / top).rglob("*.py"))


# ---------------------------------------------------------------- layers


def lint_imports(tree: Path) -> subprocess.CompletedProcess[str]:
    tool = Path(sys.executable).parent / "lint-imports"
    return subprocess.run([str(tool), "--no-cache"], cwd=tree, capture_output=True, text=True)


@pytest.fixture
def copied_tree(tmp_path: Path) -> Path:
    """The packages and their contracts, to plant something in."""
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


PLANTS = {
    "a layer that reaches up": ("nodes/world.py", "import playground.errors"),
    "a screen in a headless package": ("playground/errors.py", "import textual"),
    "dice in an algorithm": ("algorithms/kv.py", "import random"),
    "trio in the world": ("nodes/world.py", "import trio"),
}


@pytest.mark.parametrize("plant", PLANTS)
def test_the_contracts_of_the_layers_catch(plant: str, copied_tree: Path) -> None:
    path, line = PLANTS[plant]
    file = copied_tree / path
    file.write_text(f"{file.read_text(encoding='utf-8')}\n{line}\n", encoding="utf-8")
    ran = lint_imports(copied_tree)
    assert ran.returncode == 1, ran.stdout
    assert "BROKEN" in ran.stdout


def test_the_layers_are_kept() -> None:
    ran = lint_imports(ROOT)
    assert ran.returncode == 0, ran.stdout + ran.stderr


HEADLESS = """
import sys
from playground.cli import main
sys.argv = ["playground", "run", "raft-leader-crash"]
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
loaded = sorted({name.split(".")[0] for name in sys.modules} & {"textual", "tui", "pytest", "asyncio"})
assert not loaded, f"a headless run has loaded {loaded}"
"""


def test_a_headless_run_loads_no_screen() -> None:
    ran = subprocess.run([sys.executable, "-c", HEADLESS], cwd=ROOT, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr


# ---------------------------------------------------------------- sizes


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Each function with its lines, its docstring not counted."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0]
            told = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
            docstring = (first.end_lineno or 0) - first.lineno + 1 if told else 0
            yield node.name, (node.end_lineno or 0) - node.lineno + 1 - docstring


def test_no_file_is_longer_than_a_reader_can_hold() -> None:
    lines = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in sources()}
    assert {path: count for path, count in lines.items() if count > MOST_LINES_OF_A_FILE} == {}


def test_no_function_is_longer_than_a_screen() -> None:
    long = {
        f"{path.relative_to(ROOT)}: {name}": count
        for path in sources()
        for name, count in functions(path)
        if count > MOST_LINES_OF_A_FUNCTION
    }
    assert long == {}


def test_every_file_begins_with_its_law() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
        if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert silent == []


def test_test_files_have_names_of_their_own() -> None:
    names = [path.name for path in (ROOT / "tests").rglob("test_*.py")]
    assert sorted(names) == sorted(set(names))


# ---------------------------------------------------------------- what is shipped


def test_the_top_level_is_as_it_was_asked_for() -> None:
    for folder in (*PACKAGES, "tests"):
        assert (ROOT / folder).is_dir(), folder
    for file in ("pyproject.toml", "README.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE", "Makefile", ".ci/run"):
        assert (ROOT / file).is_file(), file


def pins() -> dict[str, Requirement]:
    """The exact versions of constraints.txt, by normalized name."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    found = [Requirement(line) for line in lines if line and not line.startswith("#")]
    return {normalized(each.name): each for each in found}


def normalized(name: str) -> str:
    """As package indexes compare names."""
    return re.sub(r"[-_.]+", "-", name).lower()


def wanted() -> list[Requirement]:
    """Every direct dependency, with its lower bound."""
    extras = PROJECT["optional-dependencies"].values()
    return [Requirement(line) for group in (PROJECT["dependencies"], *extras) for line in group]


def test_every_dependency_has_a_lower_bound_and_an_exact_pin_that_keeps_it() -> None:
    for requirement in wanted():
        assert any(each.operator == ">=" for each in requirement.specifier), f"{requirement} has no lower bound"
        pin = pins()[normalized(requirement.name)]
        (exact,) = pin.specifier
        assert exact.operator == "==", pin
        assert requirement.specifier.contains(exact.version), f"{pin} is not within {requirement}"


def test_every_dependency_has_its_reason() -> None:
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    for requirement in wanted():
        number = next(i for i, line in enumerate(lines) if line.strip().startswith(f'"{requirement.name}'))
        block = lines[max(0, number - 4) : number]
        assert any(line.strip().startswith("#") for line in block), f"{requirement.name} has no reason beside it"


def test_the_changelog_speaks_of_this_version() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## {PROJECT['version']}" in changelog


def test_the_program_tells_its_version() -> None:
    ran = subprocess.run([sys.executable, "-m", "playground", "--version"], cwd=ROOT, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    assert PROJECT["version"] in ran.stdout


def test_no_file_names_a_package_index() -> None:
    shipped = ["pyproject.toml", "constraints.txt", "Makefile", ".ci/run"]
    for name in shipped:
        assert "://" not in (ROOT / name).read_text(encoding="utf-8"), name


def test_the_check_that_guards_changes_fails_when_the_tests_fail(tmp_path: Path) -> None:
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "run", tmp_path / ".ci" / "run")
    (tmp_path / "Makefile").write_text("test:\n\t@echo one test has failed; exit 1\n", encoding="utf-8")
    ran = subprocess.run([str(tmp_path / ".ci" / "run")], capture_output=True, text=True)
    assert ran.returncode != 0
    assert "one test has failed" in ran.stdout
