"""A new platform begins as one folder that the contract suite accepts."""

import ast
import json
import shutil

import pytest
from tests.channels.platform import FOLDER
from tools.new_channel import main

ROOT = FOLDER.parents[1]


@pytest.fixture
def copy(tmp_path):
    for name in ("src/shopwright/channels/registry.py", "src/shopwright/lab/registry.py", ".importlinter"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def test_the_tool_writes_adapter_cases_emulator_guide_and_its_lines_in_the_lists(copy) -> None:
    main(copy, "carrier_pigeon", "2026-11-21")

    registry = (copy / "src/shopwright/channels/registry.py").read_text()
    assert "from shopwright.channels.carrier_pigeon.channel import CarrierPigeonChannel\n" in registry
    assert '    "carrier_pigeon": CarrierPigeonChannel,\n}' in registry
    assert "shopwright.channels.carrier_pigeon\n" in (copy / ".importlinter").read_text()
    lab = (copy / "src/shopwright/lab/registry.py").read_text()
    assert "from shopwright.lab.carrier_pigeon.emulator import CarrierPigeonEmulator\n" in lab
    assert '    "carrier_pigeon": CarrierPigeonEmulator(),\n}' in lab
    assert "shopwright.lab.carrier_pigeon\n" in (copy / ".importlinter").read_text()
    assert json.loads((copy / "src/shopwright/lab/carrier_pigeon/facts.json").read_text())["methods"]
    assert json.loads((copy / "tests/channels/carrier_pigeon/cases/messages.json").read_text())["cases"]
    assert (copy / "docs/how-to/channels/carrier_pigeon.md").read_text().startswith("# Carrier pigeon\n")
    for path in copy.rglob("*.py"):
        ast.parse(path.read_text())


@pytest.mark.parametrize("name", ["", "Sl ack", "../evil", "slack"])
def test_a_name_that_is_wrong_or_taken_writes_nothing(copy, name) -> None:
    (copy / "src/shopwright/channels/slack").mkdir()
    before = sorted(copy.rglob("*"))

    with pytest.raises(SystemExit):
        main(copy, name)

    assert sorted(copy.rglob("*")) == before
