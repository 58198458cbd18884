"""The widget's files, built."""

import subprocess
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def built() -> None:
    subprocess.run(["make", "--silent", "web"], cwd=Path(__file__).resolve().parents[2], check=True)
