"""What can be run on the repository; `nox --list` shows it."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import tomllib
from pathlib import Path

import nox

nox.needs_version = ">=2025.10.14"
nox.options.default_venv_backend = "uv"
nox.options.download_python = "never"
nox.options.error_on_missing_interpreters = False  # also on CI a session whose Python is absent is skipped, and says so
nox.options.reuse_venv = "yes"
nox.options.sessions = ["tests", "plugins", "lint", "types", "layers", "docs"]

PLUGINS = sorted(path.parent for path in Path("plugins").glob("*/pyproject.toml"))
# in the order of their folders: the unit tests come last, and none of their files keeps one worker long
WORKERS = ("--numprocesses=auto", "--dist=loadfile", "--no-loadscope-reorder")
FIRST, FURTHER = "3.11", ("3.12", "3.13")


def editable(*projects: str | Path) -> list[str]:
    return [argument for project in projects for argument in ("--editable", f"./{project}")]


def python(version: str) -> str:
    """Return this Python where pyenv keeps it, whose own commands refuse it unless told; else nox looks for it."""
    versions = Path(os.environ.get("PYENV_ROOT", "~/.pyenv")).expanduser() / "versions"
    kept = sorted(versions.glob(f"{version}.*/bin/python{version}"))
    return str(kept[-1]) if kept else version


@nox.session
def tests(session: nox.Session) -> None:
    """Run the tests of the core, with every extra."""
    session.install("--group=test", *editable(".[all,testing]", *PLUGINS))
    session.run("pytest", *WORKERS, *(session.posargs or ["tests"]))


@nox.session
def plugins(session: nox.Session) -> None:
    """Run each plugin's tests, with core and plugins installed as a user has them."""
    anew = [f"--reinstall-package={name}" for name in ("casequality", *(plugin.name for plugin in PLUGINS))]
    paths = [f"./{plugin}" for plugin in PLUGINS]
    session.install("--group=test", "--no-sources", *anew, ".[all,testing]", *paths)
    session.run("python", "-m", "pytest", "-p", "tests.conftest", *WORKERS, *(session.posargs or ["plugins"]))


def unit_tests(session: nox.Session) -> None:
    """Run the unit tests on a further Python, with the newest versions of the dependencies that it has."""
    session.install("--group=test", *editable(".[all,testing]", *PLUGINS))
    session.run("pytest", *WORKERS, *(session.posargs or ["tests/unit"]))


# An environment made anew has the newest versions; `--upgrade` would also build pyspark again, 1.9 GB of uv's cache.
for further in FURTHER:
    nox.session(name=f"tests-{further}", python=python(further), reuse_venv=False)(unit_tests)


@nox.session(python=python(FIRST), reuse_venv=False)
def lowest(session: nox.Session) -> None:
    """Run all tests with the lowest versions of Python and of the dependencies that the projects allow."""
    session.install("--resolution=lowest-direct", "--group=test", *editable(".[all,testing]", *PLUGINS))
    session.run("pytest", *WORKERS, *(session.posargs or ["tests", "plugins"]))


@nox.session
def core_alone(session: nox.Session) -> None:
    """Run the tests with no extra installed; those that need one skip themselves."""
    session.install("--group=runner", *editable("."))
    session.run(
        "pytest", *WORKERS, *(session.posargs or ["tests/unit", "tests/system", "tests/property", "tests/spec"])
    )


@nox.session
def types(session: nox.Session) -> None:
    """Check the types strictly: the core with its tests, then each plugin with its own."""
    session.install("--group=types", "--group=test", "nox", *editable(".[all,testing]", *PLUGINS))
    session.run("mypy", "noxfile.py", "src", "tests")
    shared = ("--config-file=../../pyproject.toml", "--cache-dir=../../.mypy_cache/plugins")
    root = {"MYPYPATH": "../.."}  # tests on real data find them by tests/shared.py
    for plugin in PLUGINS:
        with session.chdir(plugin):
            session.run("mypy", *shared, "src", "tests", env=root)


@nox.session
def lint(session: nox.Session) -> None:
    """Check style and formatting."""
    session.install("--group=lint")
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")


@nox.session
def layers(session: nox.Session) -> None:
    """Check that every module stands on its floor and imports only from those below."""
    session.install("--group=lint", *editable(".", *PLUGINS))
    session.run("lint-imports")


@nox.session
def typed(session: nox.Session) -> None:
    """Count how many of the names that users see have a whole type, as pyright counts; at least 98 % must."""
    session.install("pyright>=1.1.390", "--no-sources", "--reinstall-package=casequality", ".[all,spark,testing]")
    told = session.run("pyright", "--verifytypes", "casequality", "--ignoreexternal", silent=True, success_codes=[0, 1])
    score = re.search(r"completeness score: ([0-9.]+)%", str(told))
    if score is None or float(score[1]) < 98:
        session.error(f"{told}\nfewer than 98 % of the types are whole")
    session.log(score[0])


@nox.session
def distributions(session: nox.Session) -> None:
    """Build every distribution, run the tests of each source distribution from it alone, and follow the first pages.

    After `--` stand the names of those whose tests are run, all unless told, such as `casequality_complaints`.
    """
    dist = Path("dist").resolve()
    shutil.rmtree(dist, ignore_errors=True)
    for project in (Path(), *PLUGINS):
        session.run("uv", "build", "--quiet", f"--out-dir={dist}", f"./{project}", external=True)
    session.install("--group=test")
    session.run("uv", "pip", "uninstall", "--quiet", *(plugin.name for plugin in PLUGINS), external=True)
    for place in sorted(dist.glob("*.tar.gz")):
        name = place.name.removesuffix(".tar.gz")
        if session.posargs and name.rpartition("-")[0] not in session.posargs:
            continue
        extras = "all,testing" if name.startswith("casequality-") else "testing"
        wheel = f"{dist / name}-py3-none-any.whl[{extras}]"
        session.install("--no-sources", f"--find-links={dist}", "--reinstall-package=casequality", wheel)
        with tempfile.TemporaryDirectory() as alone:  # not under the repository, whose settings pytest would find
            shutil.unpack_archive(place, alone, filter="data")
            with session.chdir(Path(alone, name)):
                session.run("python", "-m", "pytest", "--quiet", *WORKERS)
    # what a newcomer follows, with nothing installed of the library but what the wheels bring
    session.install("--no-sources", f"--find-links={dist}", "casequality[all]", *(plugin.name for plugin in PLUGINS))
    pages = ("README.md", *(f"docs/pages/{page}.md" for page in ("tutorial", "how-to/notebook", "how-to/excel")))
    session.run(
        "python", "-m", "pytest", "--quiet", *(f"tests/docs/test_examples.py::test_page[{page}]" for page in pages)
    )


@nox.session
def changelog(session: nox.Session) -> None:
    """Join the change notes of a release, whose number is given after `--`, and write them into the changelog."""
    session.run("python", "docs/changelog.py", *session.posargs)


@nox.session
def release(session: nox.Session) -> None:
    """Refuse what may not be released; else build it into `dist/` and try it. Nothing is sent anywhere."""
    projects = [tomllib.loads((place / "pyproject.toml").read_text("utf-8"))["project"] for place in (Path(), *PLUGINS)]
    faults = [f"{each['name']} has no [project.urls]" for each in projects if not each.get("urls")]
    if len({each["version"] for each in projects}) > 1:
        faults.append("the distributions differ in version")
    if [note for note in Path("docs/changes").glob("*.md") if note.name != "README.md"]:
        faults.append("change notes are not joined: nox -s changelog -- VERSION")
    if not Path("docs/changes", projects[0]["version"]).is_dir():
        faults.append(f"no change notes of {projects[0]['version']}")
    if faults:
        session.error("; ".join(faults))
    for further in (
        "lowest",
        "core_alone",
        *(f"tests-{each}" for each in FURTHER),
        "typed",
        "properties",
        "attack",
        "distributions",
    ):
        session.notify(further)


@nox.session
def docs(session: nox.Session) -> None:
    """Build the documentation into `site/`; its examples are run by the session `tests`."""
    session.install("--group=docs", *editable(".[all,testing]"))
    session.env["NO_MKDOCS_2_WARNING"] = "1"
    session.run("mkdocs", "build", "--strict", "--config-file=docs/mkdocs.yml")


@nox.session
def demo(session: nox.Session) -> None:
    """Run the main job on the example project of casequality-copenhagen and say where its report lies."""
    session.install(*editable(".[all]", *PLUGINS))
    outdir = Path(session.create_tmp(), "demo")
    session.run("python", "-m", "casequality_copenhagen.demo", *(session.posargs or [str(outdir)]))


@nox.session
def bench(session: nox.Session) -> None:
    """Measure speed and memory against peers in fresh processes; nothing here can fail by being slow."""
    session.install("--group=test", *editable(".[all]", *PLUGINS))
    session.run("python", "tests/benchmark", *session.posargs)


@nox.session
def properties(session: nox.Session) -> None:
    """Run the property tests long, with fresh examples each time."""
    session.install("--group=test", *editable(".[all,testing]", *PLUGINS))
    session.run("pytest", *WORKERS, "--hypothesis-profile=long", *(session.posargs or ["tests/property"]))


@nox.session
def fuzz(session: nox.Session) -> None:
    """Draw rows and read them in every way, damage stored files, disturb commands; by seed, as `CONTRIBUTING` says."""
    session.install("--group=test", *editable(".[all,testing]", *PLUGINS))
    for further in [session.posargs] if session.posargs else ([], ["--flips", "100"], ["--faults", "1"]):
        session.run("python", "-m", "tests.fuzz", *further)


@nox.session
def attack(session: nox.Session) -> None:
    """Attack every small count of 200 series of published tables; the ordinary run attacks 10."""
    session.install("--group=test", *editable(".[all,disclosure,testing]", *PLUGINS))
    tests = "tests/property/test_published_under_attack.py"
    session.run("pytest", *WORKERS, *(session.posargs or [tests]), env={"CASEQUALITY_SERIES": "200"})


@nox.session
def mutation(session: nox.Session) -> None:
    """Break the code in many small ways and list the breakages that no test notices."""
    session.install("--group=mutation", "--group=test", *editable(".[all,testing]", *PLUGINS))
    session.run("mutmut", "run", *session.posargs)
    session.run("mutmut", "results")
