"""The documentation names what there is."""

import importlib
import pkgutil
import re
from pathlib import Path

import pytest

import shopwright
from shopwright.entrypoints.settings import Settings
from shopwright.kit.errors import AppError

ROOT = Path(__file__).resolve().parents[2]


def all_errors() -> set[type[AppError]]:
    for module in pkgutil.walk_packages(shopwright.__path__, "shopwright."):
        if module.name != "shopwright.__main__" and ".parsing.zygote" not in module.name:
            importlib.import_module(module.name)
    found: set[type[AppError]] = set()
    waiting = [AppError]
    while waiting:
        error = waiting.pop()
        found.add(error)
        waiting += error.__subclasses__()
    return found


def test_every_error_code_is_in_the_reference() -> None:
    reference = (ROOT / "docs" / "reference" / "errors.md").read_text()

    missing = {error.code for error in all_errors() if f"`{error.code}`" not in reference}

    assert missing == set()


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_is_in_the_reference(name: str) -> None:
    reference = (ROOT / "docs" / "reference" / "settings.md").read_text()

    assert f"`SHOPWRIGHT_{name.upper()}`" in reference or f"`{name.upper()}`" in reference


def test_links_between_pages_lead_somewhere() -> None:
    broken = []
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "bench").glob("*.md")]:
        targets = re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", page.read_text())
        broken += [f"{page.relative_to(ROOT)}: {t}" for t in targets if not (page.parent / t).exists()]

    assert broken == []
