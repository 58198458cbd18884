"""The end of the first start: an administrator, the demo shop, and how to sign in."""

import asyncio
import json
import os
import secrets
from pathlib import Path

import yaml

from shopwright.entrypoints.seed import create_admin, seed
from shopwright.entrypoints.settings import Settings
from shopwright.entrypoints.wiring import database_url
from shopwright.kit.db import Database, create_engine
from shopwright.sdk import ProductionBotSetup, SetupFailed

FIRST_ADMIN = "admin@localhost.example"
QUESTION = "How much is standard shipping within Germany?"


def demo_dir() -> Path | None:
    """The demo shop beside the source, or inside an installed package."""
    package = Path(__file__).resolve().parent.parent
    for candidate in (package.parent.parent / "examples" / "demo-shop", package / "_examples" / "demo-shop"):
        if (candidate / "setup.yaml").exists():
            return candidate
    return None


def run_first_start(settings: Settings) -> int:
    """Make what is missing and say how to sign in."""
    admin, own = asyncio.run(_first_admin(settings))
    demo = asyncio.run(_load_demo(settings, admin)) if settings.demo else None
    lines = []
    if own:
        file = settings.data_dir / "first-admin.txt"
        _write_private(file, f"{admin[0]}\n{admin[1]}\n")
        lines.append(f"Administrator:    {admin[0]}  password {admin[1]}   (also in {file})")
    if demo is not None:
        file = settings.data_dir / "demo.json"
        _write_private(file, json.dumps(demo, indent=2))
        lines.append(f"Demo shop owner:  {demo['owner_email']}  password {demo['owner_password']}   (also in {file})")
        lines += [
            f"Open {settings.base_url} and sign in as the owner, or ask the demo bot:",
            *_example(settings, demo["bot_id"]),
        ]
    if lines:
        print("\n".join(["", *lines, ""]), flush=True)
    return 0


def _example(settings: Settings, bot_id: str) -> list[str]:
    body = json.dumps({"bot_id": bot_id, "messages": [{"role": "user", "content": QUESTION}]})
    return [
        f"  curl -s {settings.base_url}/v1/chat/public -H 'content-type: application/json' \\",
        f"    -d '{body}'",
    ]


async def _first_admin(settings: Settings) -> tuple[tuple[str, str], bool]:
    """The administrator to work as, and whether it was made just now with a password of our own."""
    if settings.admin_email and settings.admin_password:
        return (settings.admin_email, settings.admin_password.get_secret_value()), False
    state = await seed(settings)
    if state.has_admin:
        return ("", ""), False
    password = secrets.token_urlsafe(12)
    db = Database(create_engine(database_url(settings), pool_size=2))
    try:
        await create_admin(db, FIRST_ADMIN, password)
    finally:
        await db.close()
    return (FIRST_ADMIN, password), True


async def _load_demo(settings: Settings, admin: tuple[str, str]) -> dict[str, str] | None:
    folder = demo_dir()
    if folder is None or not admin[0]:
        return None
    config = yaml.safe_load((folder / "setup.yaml").read_text())
    # Each installation's demo owner has a password of its own.
    config["tenant"]["password"] = secrets.token_urlsafe(12)
    host = "127.0.0.1" if settings.host in {"0.0.0.0", "::"} else settings.host  # noqa: S104 - compared, not bound
    setup = ProductionBotSetup(None, f"http://{host}:{settings.port}", base_dir=folder, report=_report)
    try:
        await setup.login_admin(*admin)
        result = await setup.create_complete_bot(config)
    except SetupFailed as exc:
        print(f"The demo shop could not be loaded: {exc}", flush=True)
        return None
    return {
        "owner_email": config["tenant"]["email"],
        "owner_password": config["tenant"]["password"],
        "bot_id": result["bot"]["id"],
        "api_key": result["api_key"]["key"],
    }


def _report(line: str) -> None:
    print(f"Demo shop: {line}", flush=True)


def _write_private(path: Path, text: str) -> None:
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(fd, "w") as file:
        file.write(text)
