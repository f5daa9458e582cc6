"""Installs a plugin as `pip install -e` does, with nothing fetched and nothing built."""

from __future__ import annotations

import tomllib
from pathlib import Path


def install_editable(project: Path, site: Path) -> str:
    """Put a project's package and metadata where Python finds them once `site` is on its path; return what pip says."""
    told = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))
    name, version = told["project"]["name"], told["project"]["version"]
    site.mkdir(exist_ok=True)
    for package in told["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]:
        site.joinpath(Path(package).name).symlink_to((project / package).resolve())
    metadata = site / f"{name.replace('-', '_')}-{version}.dist-info"
    metadata.mkdir()
    requires = "".join(f"Requires-Dist: {each}\n" for each in told["project"].get("dependencies", ()))
    metadata.joinpath("METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{requires}")
    groups = told["project"]["entry-points"].items()
    lines = [line for group, names in groups for line in (f"[{group}]", *(f"{key} = {names[key]}" for key in names))]
    metadata.joinpath("entry_points.txt").write_text("\n".join(lines) + "\n")
    return f"Successfully installed {name}-{version}\n"
