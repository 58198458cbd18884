"""Settings: what must not run does not start, and the message says what to change."""

import base64
import os
from pathlib import Path

import pytest

from shopwright.entrypoints.settings import Settings, SettingsInvalid, load_settings

KEY = base64.b64encode(bytes(range(32))).decode()


def production(tmp_path: Path, **fields: object) -> Settings:
    given = {"environment": "production", "master_key": KEY, "data_dir": tmp_path, "_env_file": None}
    return Settings(**{**given, **fields})  # type: ignore[arg-type]


def test_a_production_with_real_secrets_may_start(tmp_path: Path) -> None:
    production(tmp_path, admin_password="a-good-long-password").check()


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"master_key": None}, "SHOPWRIGHT_MASTER_KEY"),
        ({"master_key": "c2hvcnQ="}, "SHOPWRIGHT_MASTER_KEY"),
        ({"master_key": "not base64!"}, "SHOPWRIGHT_MASTER_KEY"),
        ({"master_key": base64.b64encode(b"\0" * 32).decode()}, "SHOPWRIGHT_MASTER_KEY"),
        ({"previous_master_key": "short"}, "SHOPWRIGHT_MASTER_KEY"),
        ({"admin_password": "short"}, "SHOPWRIGHT_ADMIN_PASSWORD"),
        ({"log_level": "DEBUG"}, "SHOPWRIGHT_LOG_LEVEL"),
    ],
    ids=str,
)
def test_a_production_without_real_secrets_does_not_start(
    tmp_path: Path, fields: dict[str, object], named: str
) -> None:
    with pytest.raises(SettingsInvalid, match=named):
        production(tmp_path, **fields).check()


def test_a_production_with_failpoints_does_not_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOPWRIGHT_FAILPOINTS", "ingest.claimed")
    with pytest.raises(SettingsInvalid, match="SHOPWRIGHT_FAILPOINTS"):
        production(tmp_path).check()


def test_a_name_that_is_set_to_nothing_counts_as_not_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    without = Settings(_env_file=None, data_dir=tmp_path)
    for name in Settings.model_fields:
        monkeypatch.setenv(f"SHOPWRIGHT_{name.upper()}", "")
    for name in ("DATABASE_URL", "REDIS_URL", "PORT"):
        monkeypatch.setenv(name, "")
    assert Settings(_env_file=None, data_dir=tmp_path) == without


def test_a_refusal_never_shows_the_secret(tmp_path: Path) -> None:
    with pytest.raises(SettingsInvalid) as refused:
        production(tmp_path, master_key="my-secret-and-wrong-key").check()
    assert "my-secret" not in str(refused.value)


def test_on_a_machine_of_ones_own_a_key_is_made_once_and_kept(tmp_path: Path) -> None:
    settings = Settings(_env_file=None, data_dir=tmp_path / "data")
    first = settings.master_keys()
    assert settings.master_keys() == first
    assert len(first[0]) == 32
    assert os.stat(tmp_path / "data" / "master.key").st_mode & 0o077 == 0  # noqa: PTH116


def test_keys_for_different_purposes_differ(tmp_path: Path) -> None:
    settings = production(tmp_path)
    assert settings.derive("access tokens") != settings.derive("something else")
    assert settings.derive("access tokens") != settings.master_keys()[0]


def test_the_previous_key_still_opens_what_it_closed(tmp_path: Path) -> None:
    from shopwright.kit.crypto import Envelope, Place

    place = Place("t", "table", "column", "row")
    closed = Envelope(production(tmp_path).master_keys()).encrypt("secret", place)
    newer = base64.b64encode(bytes(range(1, 33))).decode()
    rotated = production(tmp_path, master_key=newer, previous_master_key=KEY)
    assert Envelope(rotated.master_keys()).decrypt(closed, place) == "secret"


def test_a_wrong_value_is_named_without_being_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "eighty")
    with pytest.raises(SettingsInvalid) as refused:
        load_settings(_env_file=None)
    assert "port" in str(refused.value).lower()


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOPWRIGHT_EGRESS_ALLOW", "models.shop.example, 10.0.0.0/8")
    monkeypatch.setenv("DATABASE_URL", "postgresql://u:planted@h/d")
    settings = Settings(_env_file=None)
    assert settings.egress_allow == ["models.shop.example", "10.0.0.0/8"]
    assert not settings.embedded
    assert "planted" not in repr(settings)


@pytest.mark.parametrize(
    ("fields", "address", "mounted"),
    [
        ({}, "http://127.0.0.1:8000/lab", True),
        ({"port": 9000, "host": "0.0.0.0"}, "http://127.0.0.1:9000/lab", True),
        ({"host": "::1"}, "http://[::1]:8000/lab", True),
        ({"lab": False}, "", False),
        ({"lab": False, "lab_url": "http://lab:8100"}, "", False),
        ({"lab_url": "http://lab:8100/"}, "http://lab:8100", False),
        ({"api_workers": 2}, "", False),
        ({"api_workers": 2, "lab_url": "http://lab:8100"}, "http://lab:8100", False),
    ],
    ids=str,
)  # fmt: skip
def test_the_lab_is_there_on_a_machine_of_ones_own(fields: dict[str, object], address: str, mounted: bool) -> None:
    settings = Settings(_env_file=None, **fields)  # type: ignore[arg-type]
    assert (settings.lab_address, settings.mounts_lab) == (address, mounted)


def test_in_production_the_lab_is_off_until_somebody_wants_it(tmp_path: Path) -> None:
    assert production(tmp_path).lab_address == ""
    assert production(tmp_path, lab=True).mounts_lab


def test_several_processes_need_one_lab_for_all(tmp_path: Path) -> None:
    with pytest.raises(SettingsInvalid, match="SHOPWRIGHT_LAB_URL"):
        production(tmp_path, lab=True, api_workers=2).check()
